package dev.muster.node.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.muster.node.connection.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A JSON Web Token taken apart, RFC 7515 §7.1, with its header read and nothing believed yet. */
final class CompactToken {

    /** Longer ones are not even looked at. */
    static final int MAX_LENGTH = 4096;

    private static final int MAX_KEY_ID = 256;

    /** Names twice in one object are read differently by different programs, so they are refused. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(32)
                    .maxStringLength(MAX_LENGTH)
                    .maxNameLength(256)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Algorithm algorithm;
    private final @Nullable String keyId;
    private final byte[] payload;
    private final byte[] signed;
    private final byte[] signature;

    private CompactToken(Algorithm algorithm, @Nullable String keyId, byte[] payload, byte[] signed, byte[] signature) {
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.payload = payload;
        this.signed = signed;
        this.signature = signature;
    }

    /** The one the header names. */
    Algorithm algorithm() {
        return algorithm;
    }

    /** The key the header names; null if none. */
    @Nullable
    String keyId() {
        return keyId;
    }

    /** JSON, not looked at. */
    byte[] payload() {
        return payload;
    }

    /** Whether the signature is by a key of the right algorithm. */
    boolean isSignedBy(VerificationKey key) {
        return key.algorithm() == algorithm && algorithm.verifies(key.key(), signed, signature);
    }

    /** What the header says. */
    private static final class Header {
        @Nullable
        String algorithm;

        @Nullable
        String keyId;
    }

    /**
     * Takes it apart.
     *
     * @throws Refusal if it is no token of a kind that is accepted here
     */
    static CompactToken parse(String token) {
        if (token.length() > MAX_LENGTH) {
            throw malformed("it has at most " + MAX_LENGTH + " characters");
        }
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            throw malformed("it has three parts with dots between them");
        }
        byte[] header = decode(token.substring(0, first));
        byte[] payload = decode(token.substring(first + 1, second));
        byte[] signature = decode(token.substring(second + 1));
        Header said = header(header);
        Algorithm algorithm = said.algorithm == null ? null : Algorithm.named(said.algorithm);
        if (algorithm == null) {
            throw Tokens.refusal("alg_not_allowed", "the algorithm is not one that is accepted here");
        }
        byte[] signed = token.substring(0, second).getBytes(StandardCharsets.US_ASCII);
        return new CompactToken(algorithm, said.keyId, payload, signed, signature);
    }

    static Refusal malformed(String sentence) {
        return Tokens.refusal("malformed_token", sentence);
    }

    /** Base64 with the alphabet for URLs, without padding, and in the one way each text is written. */
    private static byte[] decode(String part) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException notBase64) {
            throw malformed("its parts are base64url without padding");
        }
        if (bytes.length == 0
                || !Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes)
                        .equals(part)) {
            throw malformed("its parts are base64url without padding, and not empty");
        }
        return bytes;
    }

    private static Header header(byte[] bytes) {
        Header header = new Header();
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("its header is a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                member(json, header);
            }
            if (json.nextToken() != null) {
                throw malformed("its header is one JSON object");
            }
        } catch (IOException broken) {
            throw malformed("its header is a JSON object");
        }
        return header;
    }

    private static void member(JsonParser json, Header header) throws IOException {
        String name = json.currentName();
        boolean isText = json.nextToken() == JsonToken.VALUE_STRING;
        switch (name) {
            case "alg" -> header.algorithm = isText ? json.getText() : null;
            case "kid" -> {
                if (!isText || json.getTextLength() > MAX_KEY_ID) {
                    throw malformed("kid is a text of at most " + MAX_KEY_ID + " characters");
                }
                header.keyId = json.getText();
            }
            case "typ" -> {
                if (!isText || !isAccess(json.getText())) {
                    throw Tokens.refusal("bad_typ", "typ is JWT or at+jwt");
                }
            }
            // Extensions that change what the token means: understood or refused, RFC 7515 §4.1.11.
            case "crit", "zip", "b64" -> throw Tokens.refusal("bad_header", name + " is not accepted here");
            default -> json.skipChildren();
        }
    }

    private static boolean isAccess(String type) {
        return type.equalsIgnoreCase("JWT")
                || type.equalsIgnoreCase("at+jwt")
                || type.equalsIgnoreCase("application/at+jwt");
    }
}
