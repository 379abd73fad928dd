package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.tck.Backend;
import dev.muster.registry.tck.NodeHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Clusters that break a rule about what happens to nodes, rather than one registry. */
final class BrokenClusters {

    private BrokenClusters() {}

    /** A mortal node whose death or awakening is tampered with. */
    private static class Tampered implements NodeHost {
        final NodeHost sound;

        Tampered(NodeHost sound) {
            this.sound = sound;
        }

        @Override
        public ConnectionRegistry registry() {
            return sound.registry();
        }

        @Override
        public void kill() {
            sound.kill();
        }

        @Override
        public void freeze() {
            sound.freeze();
        }

        @Override
        public void thaw() {
            sound.thaw();
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    /** R20: every survivor sweeps the dead node, and each publishes what it thinks has left. */
    static final class LeavesTwice extends MemoryFixture {
        private final Map<NodeId, List<Member>> remembered = new ConcurrentHashMap<>();

        LeavesTwice() {
            super(IMPATIENT);
        }

        @Override
        ConnectionRegistry registry(InMemoryCluster cluster, RegistryContext context) {
            return new ForwardingRegistry(super.registry(cluster, context)) {
                @Override
                RegistryListener listening(RegistryListener listener) {
                    return new ForwardingListener(listener) {
                        @Override
                        public void onNodeDown(NodeId node) {
                            sweepAgain(cluster, node);
                            next.onNodeDown(node);
                        }
                    };
                }
            };
        }

        private void sweepAgain(InMemoryCluster cluster, NodeId dead) {
            cluster.backend.exclusively(() -> {
                for (Member member : remembered.getOrDefault(dead, List.of())) {
                    Group group = cluster.backend.state().obtain(member.group);
                    group.leave(group.join(member.record(), GroupPolicy.DEFAULT, null, false));
                }
            });
        }

        @Override
        public NodeHost mortal(RegistryContext context) {
            InMemoryCluster cluster = cluster(context.namespace());
            return new Tampered(super.mortal(context)) {
                @Override
                public void kill() {
                    NodeId self = registry().self();
                    cluster.backend.exclusively(
                            () -> remembered.put(self, cluster.backend.state().membersHeldBy(self)));
                    sound.kill();
                }
            };
        }
    }

    /** R20: nobody asks who is dead. */
    static final class NeverSweeps extends MemoryFixture {
        NeverSweeps() {
            super(IMPATIENT);
        }

        @Override
        public NodeHost mortal(RegistryContext context) {
            InMemoryCluster cluster = cluster(context.namespace());
            return new Tampered(super.mortal(context)) {
                @Override
                public void kill() {
                    NodeId self = registry().self();
                    sound.kill();
                    cluster.backend.exclusively(() -> cluster.backend
                            .state()
                            .leases
                            .grant(self, cluster.backend.time.nanoTime(), Duration.ofDays(1)));
                }
            };
        }
    }

    /** R20: a stall of the backend counts as the nodes' silence. */
    static final class NoPauseGuard extends MemoryFixture {
        NoPauseGuard() {
            super(IMPATIENT);
        }

        @Override
        public Backend backend() {
            Backend sound = super.backend();
            return new Backend() {
                @Override
                public void pause() {
                    sound.pause();
                }

                @Override
                public void resume() {
                    clusters().forEach(cluster -> cluster.backend.exclusively(() -> condemnAll(cluster)));
                    sound.resume();
                }
            };
        }

        private static void condemnAll(InMemoryCluster cluster) {
            Leases leases = cluster.backend.state().leases;
            long now = cluster.backend.time.nanoTime();
            for (NodeId node : leases.view(now).live()) {
                if (leases.expired(node, now)) {
                    leases.condemn(node);
                }
            }
        }
    }

    /** R21: a heartbeat revives a lease whatever happened meanwhile, so a frozen node never finds out. */
    static final class RevivesTheDead extends MemoryFixture {
        RevivesTheDead() {
            super(IMPATIENT);
        }

        @Override
        public NodeHost mortal(RegistryContext context) {
            InMemoryCluster cluster = cluster(context.namespace());
            return new Tampered(super.mortal(context)) {
                @Override
                public void thaw() {
                    NodeId self = registry().self();
                    cluster.backend.exclusively(() -> cluster.backend
                            .state()
                            .leases
                            .grant(
                                    self,
                                    cluster.backend.time.nanoTime(),
                                    context.timings().lease()));
                    sound.thaw();
                }
            };
        }
    }

    /** R22: a node that loses the backend forgets what it held there. */
    static final class ForgetsWithTheBackend extends MemoryFixture {
        ForgetsWithTheBackend() {
            super(IMPATIENT);
        }

        @Override
        ConnectionRegistry registry(InMemoryCluster cluster, RegistryContext context) {
            return new ForwardingRegistry(super.registry(cluster, context)) {
                @Override
                RegistryListener listening(RegistryListener listener) {
                    return new ForwardingListener(listener) {
                        @Override
                        public void onUnavailable(@Nullable Throwable cause) {
                            cluster.backend.exclusively(() -> forget(cluster, context.nodeName()));
                            next.onUnavailable(cause);
                        }
                    };
                }
            };
        }

        private static void forget(InMemoryCluster cluster, String node) {
            NodeSession session = cluster.backend.session(node);
            if (session != null) {
                session.local().connections.clear();
            }
        }
    }

    /** R24: the namespace is not part of any name. */
    static final class OneForAll extends MemoryFixture {
        OneForAll() {
            super(IMPATIENT);
        }

        @Override
        InMemoryCluster cluster(String namespace) {
            return super.cluster("all");
        }
    }
}
