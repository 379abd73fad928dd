package dev.muster.node.auth;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.connection.Grant;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the claims of a token whose signature is good, RFC 7519 §4, and judges them. */
final class Claims {

    private static final int MAX_ID = 128;
    private static final int MAX_ROLES = 64;
    private static final int MAX_ROLE = 300;

    /** The last second of the year 9999: what is later is no time, and larger numbers do not fit everywhere. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private @Nullable String subject;
    private @Nullable String name;
    private @Nullable String clientId;
    private @Nullable String tokenId;
    private @Nullable String issuer;
    private final Set<String> audience = new HashSet<>();
    private final Set<String> roles = new HashSet<>();
    private @Nullable Long expires;
    private @Nullable Long notBefore;
    private @Nullable Long issued;

    private Claims() {}

    /**
     * Whom a token speaks of.
     *
     * @param payload JSON
     * @param now seconds since 1970
     * @throws Refusal if a claim is missing, malformed, or says that the token does not hold here and now
     */
    static Identity judge(byte[] payload, ClaimRules rules, long now) {
        Claims claims = new Claims();
        try (JsonParser json = CompactToken.JSON.createParser(payload)) {
            claims.read(json);
        } catch (IOException broken) {
            throw CompactToken.malformed("its claims are a JSON object");
        }
        long expires = claims.checkTimes(rules, now);
        claims.checkParties(rules);
        String subject = claims.subject;
        if (subject == null) {
            throw Tokens.refusal("bad_sub", "the token names no user");
        }
        Long issued = claims.issued;
        Grant grant = new Grant(
                claims.tokenId, issued == null ? null : Instant.ofEpochSecond(issued), Instant.ofEpochSecond(expires));
        return new Identity(subject, claims.name, claims.clientId, claims.roles, true, grant);
    }

    // ---- reading ----

    private void read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw CompactToken.malformed("its claims are a JSON object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String claim = json.currentName();
            json.nextToken();
            claim(json, claim);
        }
        if (json.nextToken() != null) {
            throw CompactToken.malformed("its claims are one JSON object");
        }
    }

    private void claim(JsonParser json, String claim) throws IOException {
        switch (claim) {
            case "sub" -> subject = subject(json);
            case "name" -> name = text(json, "bad_name", claim);
            case "client_id" -> clientId = text(json, "bad_client_id", claim);
            case "jti" -> tokenId = text(json, "bad_jti", claim);
            case "iss" -> issuer = text(json, "bad_iss", claim, MAX_ROLE);
            case "aud" -> texts(json, audience, "bad_aud", claim);
            case "roles" -> texts(json, roles, "bad_roles", claim);
            case "exp" -> expires = seconds(json, "bad_exp", claim);
            case "nbf" -> notBefore = seconds(json, "bad_nbf", claim);
            case "iat" -> issued = seconds(json, "bad_iat", claim);
            case "token_type" -> {
                if (json.currentToken() != JsonToken.VALUE_STRING
                        || !json.getText().equals("access")) {
                    throw Tokens.refusal("bad_token_type", "token_type is access");
                }
            }
            default -> json.skipChildren();
        }
    }

    private static String subject(JsonParser json) throws IOException {
        String text = text(json, "bad_sub", "sub");
        if (text == null || text.indexOf(':') >= 0 || text.indexOf('*') >= 0) {
            throw Tokens.refusal("bad_sub", "sub has 1 to " + MAX_ID + " characters, none of them : or *");
        }
        return text;
    }

    /** A text; null for an empty one. */
    private static @Nullable String text(JsonParser json, String code, String claim) throws IOException {
        return text(json, code, claim, MAX_ID);
    }

    private static @Nullable String text(JsonParser json, String code, String claim, int most) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING || !isName(json.getText(), most)) {
            throw Tokens.refusal(
                    code, claim + " is a text of at most " + most + " characters without control characters");
        }
        return json.getText().isEmpty() ? null : json.getText();
    }

    private static boolean isName(String text, int most) {
        if (text.length() > most) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isISOControl(c) || Character.isSurrogate(c) && !pair) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    /** A text, or several in an array. */
    private static void texts(JsonParser json, Set<String> into, String code, String claim) throws IOException {
        boolean several = json.currentToken() == JsonToken.START_ARRAY;
        if (several) {
            json.nextToken();
        } else if (code.equals("bad_roles")) {
            throw Tokens.refusal(code, "roles is an array of texts");
        }
        while (json.currentToken() != JsonToken.END_ARRAY) {
            String text = text(json, code, claim, MAX_ROLE);
            if (text != null) {
                into.add(text);
            }
            if (into.size() > MAX_ROLES) {
                throw Tokens.refusal(code, claim + " has at most " + MAX_ROLES + " texts");
            }
            if (!several) {
                return;
            }
            json.nextToken();
        }
    }

    /** A NumericDate, RFC 7519 §2; parts of seconds are dropped. */
    private static long seconds(JsonParser json, String code, String claim) throws IOException {
        double value = json.currentToken().isNumeric() ? json.getDoubleValue() : Double.NaN;
        if (!(value > 0 && value <= LAST_SECOND)) {
            throw Tokens.refusal(code, claim + " is a number of seconds since 1970");
        }
        return (long) value;
    }

    // ---- judging ----

    private long checkTimes(ClaimRules rules, long now) {
        if (expires == null) {
            throw Tokens.refusal("bad_exp", "the token does not say when it expires");
        }
        long longest = rules.maxLifetime().toSeconds();
        long from = issued == null ? now : Math.min(issued, now);
        if (expires - now > longest || issued != null && expires - issued > longest) {
            throw Tokens.refusal(
                    "bad_exp",
                    "a token lives at most " + longest + " s, this one ends " + (expires - from)
                            + " s after its beginning");
        }
        // No leeway here: a connection ends at this second too, and would be let in only to be closed.
        if (expires <= now) {
            throw Tokens.refusal("token_expired", "the token has expired");
        }
        long latest = now + rules.leeway().toSeconds();
        if (notBefore != null && notBefore > latest || issued != null && issued > latest) {
            throw Tokens.refusal("token_not_yet_valid", "the token is from the future");
        }
        return expires;
    }

    private void checkParties(ClaimRules rules) {
        if (rules.issuer() != null && !rules.issuer().equals(issuer)) {
            throw Tokens.refusal("bad_iss", "the token is from another issuer");
        }
        if (rules.audience() != null && !audience.contains(rules.audience())) {
            throw Tokens.refusal("bad_aud", "the token is for somebody else");
        }
    }
}
