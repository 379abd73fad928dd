package dev.muster.registry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why an operation failed. Operations fail with nothing else; a programmer's error throws at once instead. */
public final class RegistryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the caller can do about it. */
    public enum Reason {
        /** Retry later: the backend is gone, busy, stale or without quorum, or this node lost its lease. */
        UNAVAILABLE,
        /** Retry much later: the backend is full or read-only. */
        FULL,
        /** The outcome is unknown: it may have happened. */
        TIMEOUT,
        /** Do not retry: the backend refuses this. */
        REJECTED,
        /** The connection is not registered by this node. */
        UNKNOWN_CONNECTION,
        /** An expected revision differs, or a message id was used with other bytes. */
        CONFLICT,
        /** Not started yet, or closed. */
        CLOSED
    }

    private final Reason reason;

    public RegistryException(Reason reason, String message) {
        this(reason, message, null);
    }

    public RegistryException(Reason reason, String message, @Nullable Throwable cause) {
        // No stack trace: failures are values here, made on event loops by the thousand when a backend goes.
        super(message, cause, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** What the caller can do about it. */
    public Reason reason() {
        return reason;
    }

    /** Whether the same call may succeed later without any change. */
    public boolean retryable() {
        return reason == Reason.UNAVAILABLE || reason == Reason.FULL || reason == Reason.TIMEOUT;
    }
}
