package dev.muster.node.protocol;

import dev.muster.node.sync.Status;
import dev.muster.registry.RegistryException;
import java.util.Locale;

/** What a client can be told on an open socket. */
public enum ErrorCode {
    /** The frame is not of a kind this wire takes. */
    BAD_FRAME,
    /** The message is not what this wire takes. */
    INVALID_MESSAGE,
    /** The message is larger than the registry takes. */
    TOO_BIG,
    /** Too many messages. */
    RATE_LIMITED,
    /** Not allowed. */
    FORBIDDEN,
    /** The cluster cannot take it now: say it again later. */
    REGISTRY_UNAVAILABLE,
    /** A type that this wire does not know. */
    UNKNOWN_TYPE,
    /** Messages of the room were lost to this node: what is known of it may be stale. */
    INSUFFICIENT_STATE,
    /** The token ends soon, and the connection with it. */
    TOKEN_EXPIRING;

    /** As on the wire. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What to tell a client whose message could not be published. */
    public static ErrorCode of(Throwable failure) {
        if (failure instanceof IllegalArgumentException) {
            return TOO_BIG;
        }
        if (failure instanceof RegistryException refused && !refused.retryable()) {
            return refused.reason() == RegistryException.Reason.CLOSED ? REGISTRY_UNAVAILABLE : INVALID_MESSAGE;
        }
        return REGISTRY_UNAVAILABLE;
    }

    /** What a refusal about a space is counted as. */
    public static ErrorCode of(Status status) {
        return switch (status) {
            case FORBIDDEN -> FORBIDDEN;
            case NOT_FOUND -> UNKNOWN_TYPE;
            case INTERNAL_ERROR -> REGISTRY_UNAVAILABLE;
            case OK, VALIDATION_ERROR, CONFLICT, INVALID_PARAMS -> INVALID_MESSAGE;
        };
    }

    /** A sentence for people who see {@link #code()}. */
    public String sentence() {
        return switch (this) {
            case BAD_FRAME -> "this endpoint does not take frames of this kind";
            case INVALID_MESSAGE -> "the message is not valid";
            case TOO_BIG -> "the message is too big";
            case RATE_LIMITED -> "too many messages";
            case FORBIDDEN -> "this is not allowed";
            case REGISTRY_UNAVAILABLE -> "the message was not accepted, say it again later";
            case UNKNOWN_TYPE -> "the type is not known here";
            case INSUFFICIENT_STATE -> "messages of this room were lost on their way here";
            case TOKEN_EXPIRING -> "the token expires soon, send a newer one";
        };
    }
}
