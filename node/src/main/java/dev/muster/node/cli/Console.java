package dev.muster.node.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out what was asked for
 * @param err complaints
 */
public record Console(PrintStream out, PrintStream err) {

    /** The process's own. */
    public static Console system() {
        return new Console(System.out, System.err);
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** One sentence about what was wrong. */
    void complain(String sentence) {
        boolean ended = sentence.endsWith(".") || sentence.endsWith("?");
        err.println("muster: " + sentence + (ended ? "" : "."));
        err.flush();
    }
}
