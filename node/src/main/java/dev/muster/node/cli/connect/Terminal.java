package dev.muster.node.cli.connect;

import java.io.PrintStream;

/**
 * Where the user reads: what arrives on one stream, what happens to the connection on the other. Any thread.
 *
 * @param out what arrives, a line each
 * @param err all else
 */
record Terminal(PrintStream out, PrintStream err) {

    /** Something that arrived. */
    void line(String line) {
        synchronized (out) {
            out.println(Visible.line(line));
            out.flush();
        }
    }

    /** Something that happened. */
    void note(String what) {
        err.println("-- " + Visible.line(what));
        err.flush();
    }

    /** Why it did not work. */
    void complain(String sentence) {
        err.println("muster: " + Visible.line(sentence) + ".");
        err.flush();
    }
}
