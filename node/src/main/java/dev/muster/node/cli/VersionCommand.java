package dev.muster.node.cli;

import java.util.Map;

/** {@code muster version}. */
final class VersionCommand implements Subcommand {

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "Print the version of Muster and of the Java it runs on.";
    }

    @Override
    public boolean takesOptions() {
        return false;
    }

    @Override
    public int run(Map<String, String> flags, Map<String, String> environment, Console console) {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        console.line("Muster " + (version == null ? "(not packaged)" : version) + ", Java "
                + Runtime.version().feature() + " (" + System.getProperty("java.vendor") + ")");
        return ExitCode.OK;
    }
}
