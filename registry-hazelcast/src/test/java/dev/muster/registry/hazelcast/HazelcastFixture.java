package dev.muster.registry.hazelcast;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.tck.Capability;
import dev.muster.registry.tck.RegistryFixture;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Nodes with embedded members, each test's on ports of their own. The cluster is its own backend: there is none that
 * could be stopped or stand still apart from the nodes.
 */
final class HazelcastFixture implements RegistryFixture {

    /**
     * The heartbeats of members come once a second and no oftener, so a lease of two seconds would take a busy machine
     * for a dead node.
     */
    private static final RegistryTimings TIMINGS = new RegistryTimings(
            SHORT.operationTimeout(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            SHORT.sweep(),
            SHORT.idleGroup(),
            SHORT.dedupe());

    private final Map<String, String> options = Map.of(HazelcastOptions.PORT, Integer.toString(Ports.range()));

    @Override
    public RegistryProvider provider() {
        return new HazelcastRegistryProvider();
    }

    @Override
    public Map<String, String> options() {
        return options;
    }

    @Override
    public RegistryTimings timings() {
        return TIMINGS;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.KILL_NODE, Capability.FREEZE_NODE, Capability.COUNT_TRACES);
    }

    @Override
    public int traces(String namespace, String group) {
        for (HazelcastInstance instance : Hazelcast.getAllHazelcastInstances()) {
            if (instance.getConfig().getClusterName().equals("muster-" + namespace)) {
                return instance.getMap(MemberConfig.GROUPS).containsKey(group) ? 1 : 0;
            }
        }
        throw new IllegalStateException("no node of namespace " + namespace + " runs in this process");
    }
}
