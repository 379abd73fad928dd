package dev.muster.node.cli;

/** How a command ended. */
public final class ExitCode {

    /** It did what it was asked for. */
    public static final int OK = 0;

    /** It could not. */
    public static final int FAILED = 1;

    /** It was asked for something that does not make sense. */
    public static final int USAGE = 2;

    /** It goes on after the call: its threads keep the process alive, and a signal ends it. */
    public static final int RUNNING = -1;

    private ExitCode() {}
}
