package dev.muster.node;

/** The command's entry point. */
public final class Main {

    private Main() {}

    /**
     * Runs the command.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.out.println("Usage: muster node [options]");
    }
}
