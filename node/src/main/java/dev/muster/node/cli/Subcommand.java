package dev.muster.node.cli;

import java.util.Map;
import java.util.Set;

/** Something the command can do. */
interface Subcommand {

    /** What it is called by. */
    String name();

    /** One sentence for the list of commands. */
    String summary();

    /** Further text for its own help; lines. */
    default String[] details() {
        return new String[0];
    }

    /** The option topics it does not take. */
    default Set<String> without() {
        return Set.of();
    }

    /** Whether it takes options of a node at all. */
    default boolean takesOptions() {
        return true;
    }

    /**
     * Does it.
     *
     * @param flags given on the command line, values by option; the switch on is {@code true}
     * @return an {@link ExitCode}
     */
    int run(Map<String, String> flags, Map<String, String> environment, Console console);
}
