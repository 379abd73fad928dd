package dev.muster.node.cli;

import dev.muster.node.config.OptionDescription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /** Options of its own. */
    default List<OptionDescription> ownOptions() {
        return List.of();
    }

    /** What its one argument that is no option stands for, as {@code <url>}; null if it takes none. */
    default @Nullable String positional() {
        return null;
    }

    /** Whether it takes an option of a node. */
    default boolean takes(OptionDescription option) {
        return !without().contains(option.topic()) && !without().contains(option.name());
    }

    /**
     * Does it.
     *
     * @param flags given on the command line, values by option; the switch on is {@code true}. The argument that is no
     *     option is under {@link #positional}
     * @return an {@link ExitCode}
     */
    int run(Map<String, String> flags, Map<String, String> environment, Console console);
}
