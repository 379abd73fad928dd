package dev.muster.node;

import dev.muster.node.cli.Console;
import dev.muster.node.cli.ExitCode;
import dev.muster.node.cli.MusterCommand;

/** The command's entry point. */
public final class Main {

    private Main() {}

    /**
     * Runs the command.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        int code = new MusterCommand().run(args, System.getenv(), Console.system());
        if (code != ExitCode.RUNNING) {
            System.exit(code);
        }
    }
}
