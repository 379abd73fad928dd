package dev.muster.registry.tck;

import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.RegistryTimings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a registry's module tells the test kit: how to make its registries, and how to break what they stand on. One
 * fixture serves one test, and its backend serves nobody else; an expensive server may outlive a fixture as long as
 * nothing of what one fixture did to it reaches the next. Every test uses namespaces of its own.
 */
public interface RegistryFixture extends AutoCloseable {

    /**
     * Timings of the kit's registries: lease 2 s, operations 2 s, empty groups 2 s (30 s where a test does not wait for
     * their end), message ids 3 s. An empty group's membership log and repair tail do not outlive {@code idleGroup}, so
     * with these a group with a short history is gone 3 s after its end (R08).
     */
    RegistryTimings SHORT = new RegistryTimings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofMillis(400),
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3));

    /** Makes the registries of nodes that run in this process. In a forked one it is found by its name. */
    RegistryProvider provider();

    /** The options with which every node of this test finds the backend, or the other nodes. */
    Map<String, String> options();

    /**
     * The timings to test with: {@link #SHORT}, unless the backend needs longer ones to tell a busy node from a dead one.
     */
    default RegistryTimings timings() {
        return SHORT;
    }

    /** What this fixture can do. All by default. */
    default Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /**
     * A node that can be killed and frozen. By default it runs in a process of its own, with this one's class path; a
     * registry that lives in one process makes an object it can cut off instead.
     *
     * @param context as for {@link RegistryProvider#create}; the clocks do not reach another process
     */
    default NodeHost mortal(RegistryContext context) {
        return ForkedHost.start(provider().name(), context);
    }

    /** A node of this process, with an orderly end only. */
    default NodeHost local(RegistryContext context) {
        return new LocalHost(provider().create(context));
    }

    /** How time passes for the registry. */
    default TckTime time() {
        return TckTime.REAL;
    }

    /** Faults of the backend. */
    default Backend backend() {
        return Backend.NONE;
    }

    /** Faults of the links to the nodes. */
    default Links links() {
        return Links.NONE;
    }

    /**
     * How many things (keys, entries, map items) the backend holds on account of a group, its name in indexes
     * included. 0 once every trace is gone. Looked at from outside the registries, without waking the group up.
     */
    default int traces(String namespace, String group) {
        throw new UnsupportedOperationException("this fixture cannot look into its backend");
    }

    /** Ends the backend. The nodes are closed before. */
    @Override
    default void close() {}
}
