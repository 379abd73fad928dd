package dev.muster.node.event;

/** An event is not wanted, and its sender is told so. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** In a word, for programs. */
    public enum Why {
        /** Its sender may not do that. */
        FORBIDDEN,
        /** Not now: too many. */
        RATE_LIMITED,
        /** It makes no sense. */
        INVALID
    }

    private final Why why;

    /**
     * A refusal.
     *
     * @param message told to the client
     */
    public Refused(Why why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    /** In a word. */
    public Why why() {
        return why;
    }
}
