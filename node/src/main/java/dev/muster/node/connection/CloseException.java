package dev.muster.node.connection;

/** Thrown, or failed with, to close a connection for a reason of one's own. */
public final class CloseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CloseReason reason;

    public CloseException(CloseReason reason) {
        super(reason.toString(), null, false, false);
        this.reason = reason;
    }

    /** What the client is told. */
    public CloseReason reason() {
        return reason;
    }
}
