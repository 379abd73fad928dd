package dev.muster.node.sync;

import dev.muster.registry.RegistryException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why a request about a space failed. The message may be told to whoever asked. */
public final class SyncException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Status status;

    /**
     * @param status not {@link Status#OK}
     * @param message what was wrong and what is allowed
     */
    public SyncException(Status status, String message) {
        this(status, message, null);
    }

    private SyncException(Status status, String message, @Nullable Throwable cause) {
        // No stack trace: bad input is nothing unusual.
        super(message, cause, false, false);
        this.status = Objects.requireNonNull(status, "status");
    }

    /** What a failure of any kind means to who asked. */
    public static SyncException of(Throwable failure) {
        if (failure instanceof SyncException known) {
            return known;
        }
        if (failure instanceof RegistryException registry) {
            return switch (registry.reason()) {
                case CONFLICT -> new SyncException(Status.CONFLICT, "it has been changed meanwhile", failure);
                case TIMEOUT ->
                    new SyncException(Status.INTERNAL_ERROR, "the registry did not answer in time", failure);
                default -> new SyncException(Status.INTERNAL_ERROR, "the registry is unavailable", failure);
            };
        }
        return new SyncException(Status.INTERNAL_ERROR, "internal error", failure);
    }

    /** What kind of failure. */
    public Status status() {
        return status;
    }
}
