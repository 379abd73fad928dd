package dev.muster.registry;

import java.util.List;
import java.util.Set;

/**
 * Makes registries of one kind; found by {@link java.util.ServiceLoader}. The node knows a registry's name and its
 * options, never its classes.
 */
public interface RegistryProvider {

    /** The name it is chosen by: {@code --registry <name>}. */
    String name();

    /** Other names it answers to. */
    default Set<String> aliases() {
        return Set.of();
    }

    /** What it takes. Option names of all registries share one space. */
    List<RegistryOption> options();

    /**
     * Whether several processes can form one cluster over it. False for a registry that lives in one process; a node
     * then says in its ready line that it is alone.
     */
    boolean clustered();

    /**
     * A registry that is not started yet. Does no I/O.
     *
     * @throws IllegalArgumentException if an option has a bad value, or two do not go together; the message is one
     *     sentence that names the option, the value, and what is allowed
     */
    ConnectionRegistry create(RegistryContext context);
}
