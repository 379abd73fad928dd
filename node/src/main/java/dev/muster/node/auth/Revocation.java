package dev.muster.node.auth;

import dev.muster.node.connection.Grant;
import dev.muster.node.connection.Identity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * That a token, or all tokens of a user, count no more.
 *
 * @param kind what is taken back
 * @param id the token's or the user's
 * @param issuedUpTo for a user: tokens made up to this second are taken back, later ones are not; seconds since 1970
 * @param until when nobody needs to know it any more, because all those tokens have expired; seconds since 1970
 */
record Revocation(Kind kind, String id, long issuedUpTo, long until) {

    /** What is taken back. */
    enum Kind {
        TOKEN,
        USER
    }

    /** Of two about the same, the one that says both. */
    Revocation and(Revocation other) {
        return new Revocation(kind, id, Math.max(issuedUpTo, other.issuedUpTo), Math.max(until, other.until));
    }

    /** Whether somebody comes by something that was taken back. */
    boolean covers(Identity identity) {
        Grant grant = identity.grant();
        if (kind == Kind.TOKEN) {
            return grant != null && id.equals(grant.tokenId());
        }
        Instant issued = grant == null ? null : grant.issuedAt();
        // A token that does not say when it was made may be an old one.
        return id.equals(identity.userId()) && (issued == null || issued.getEpochSecond() <= issuedUpTo);
    }

    /** The key under which the registry keeps it. */
    String key() {
        return kind + ":" + id;
    }

    Buffer toBytes() {
        return new JsonObject()
                .put("kind", kind.name())
                .put("id", id)
                .put("issuedUpTo", issuedUpTo)
                .put("until", until)
                .toBuffer();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if it did not
     */
    static Revocation parse(Buffer bytes) {
        try {
            JsonObject json = bytes.toJsonObject();
            return new Revocation(
                    Kind.valueOf(json.getString("kind")),
                    json.getString("id"),
                    json.getLong("issuedUpTo"),
                    json.getLong("until"));
        } catch (DecodeException | ClassCastException | NullPointerException malformed) {
            throw new IllegalArgumentException("no revocation", malformed);
        }
    }
}
