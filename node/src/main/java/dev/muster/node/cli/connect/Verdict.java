package dev.muster.node.cli.connect;

/** What the end of a connection means for a client. */
enum Verdict {
    /** It was meant to end. */
    DONE,
    /** Come again. */
    AGAIN,
    /** Coming again would end the same way. */
    OVER;

    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int ABNORMAL = 1006;
    private static final int SERVICE_RESTART = 1012;
    private static final int TRY_AGAIN_LATER = 1013;

    /** 4000 to 4499: come again. 4500 to 4999: do not. A cut connection may be anything, so it is worth another try. */
    static Verdict of(int code) {
        return switch (code) {
            case NORMAL -> DONE;
            case GOING_AWAY, ABNORMAL, SERVICE_RESTART, TRY_AGAIN_LATER -> AGAIN;
            default -> code >= 4000 && code <= 4499 ? AGAIN : OVER;
        };
    }

    /** Whether a server that answered an upgrade with this status may answer differently next time. */
    static boolean isWorthATry(int status) {
        return status == 408 || status == 429 || status >= 500;
    }
}
