package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.Slice;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever fails, in whatever order: once it is over, membership is what the living nodes hold, and whoever watched
 * saw joins and leaves alternate, in a sequence without a hole. A seed that fails fails again.
 */
class RandomFailuresTest {

    private static final List<String> GROUPS = List.of("one", "two", "three");
    private static final int STEPS = 120;

    private static final Faults ROUGH = Faults.seeded(0)
            .dropping(0.05)
            .duplicating(0.05)
            .reordering(0.1)
            .refusing(0.03)
            .hanging(0.02, 0.02)
            .slowing(Duration.ofMillis(20));

    /** What a connection's node was asked of one membership, last. */
    private enum Wish {
        IN,
        OUT,
        /** A join that was not confirmed. */
        PERHAPS
    }

    private record Membership(String connectionId, String group) {}

    private final class Node {
        final String name;
        final ConnectionRegistry registry;
        final List<String> connections = new ArrayList<>();
        final Map<Membership, Wish> wishes = new LinkedHashMap<>();
        boolean frozen;
        boolean partitioned;

        Node(String name) {
            this.name = name;
            registry = simulation.create(name);
            registry.start(new RecordingListener());
        }
    }

    private final class Watcher extends ForwardingListener {
        final Map<String, List<Publication>> fed = new HashMap<>();
        final List<String> breaks = new ArrayList<>();

        @Nullable
        GroupFeed feed;

        Watcher() {
            super(new RecordingListener());
        }

        private GroupFeed feed() {
            return Objects.requireNonNull(feed);
        }

        @Override
        public void onPublication(String group, Publication publication) {
            feed().onPublication(group, publication);
        }

        @Override
        public void onLinkReplaced() {
            feed().checkAll();
        }

        @Override
        public void onRecovered() {
            feed().checkAll();
        }
    }

    private final Simulation simulation = new Simulation(RegistryTimings.DEFAULT.withLease(Duration.ofSeconds(2)));
    private final List<Node> nodes = new ArrayList<>();
    private final Watcher watcher = new Watcher();
    private Random random = new Random();
    private int numbers;
    private boolean stopped;
    private boolean paused;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("muster.seeds", 15));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void membershipIsExactOnceAllFailuresAreOver(long seed) {
        random = new Random(seed);
        try (Simulation open = simulation) {
            ConnectionRegistry observer = open.create("observer");
            GroupFeed feed = new GroupFeed(observer, new FeedInto());
            watcher.feed = feed;
            open.done(observer.start(watcher));
            GROUPS.forEach(group -> open.done(feed.watch(group)));
            for (int i = 1; i <= 3; i++) {
                nodes.add(new Node("n" + i));
            }
            pass(Duration.ofMillis(100));
            if (seed % 2 == 0) {
                open.cluster.disturb(ROUGH.withSeed(seed));
            }
            for (int step = 0; step < STEPS; step++) {
                act();
                pass(Duration.ofMillis(random.nextInt(400)));
            }
            end();
            check(observer);
        }
    }

    /** What comes out of the watcher's feed. */
    private final class FeedInto implements GroupFeed.Listener {
        @Override
        public void onPublication(String group, Publication publication) {
            watcher.fed.computeIfAbsent(group, any -> new ArrayList<>()).add(publication);
        }

        @Override
        public void onReset(String group, Position at, Slice.Completeness why) {
            watcher.breaks.add(group + " reset, " + why);
        }

        @Override
        public void onMembersReset(String group) {
            watcher.breaks.add(group + " members reset");
        }
    }

    private void pass(Duration duration) {
        simulation.pass(duration);
        if (watcher.feed != null) {
            watcher.feed.tick(simulation.time.nanoTime());
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private void act() {
        Node node = any(nodes);
        int lot = random.nextInt(100);
        if (lot < 30) {
            join(node);
        } else if (lot < 45) {
            leave(node);
        } else if (lot < 52) {
            unregister(node);
        } else if (lot < 75) {
            node.registry.publish(any(GROUPS), Draft.text(null, "x"), GroupPolicy.DEFAULT);
        } else if (lot < 82) {
            freezeOrThaw(node);
        } else if (lot < 89) {
            partitionOrHeal(node);
        } else if (lot < 92) {
            replace(node);
        } else {
            disturbBackend(lot);
        }
    }

    private void join(Node node) {
        String connection =
                node.connections.isEmpty() || random.nextBoolean() ? "c" + ++numbers : any(node.connections);
        Membership membership = new Membership(connection, any(GROUPS));
        if (!node.connections.contains(connection)) {
            node.connections.add(connection);
            node.registry.register(Simulation.record(node.registry, connection));
        }
        Wish before = node.wishes.getOrDefault(membership, Wish.OUT);
        node.wishes.put(membership, before == Wish.IN ? Wish.IN : Wish.PERHAPS);
        Future<Position> joined = node.registry.join(connection, membership.group(), GroupPolicy.DEFAULT);
        joined.onSuccess(position ->
                node.wishes.computeIfPresent(membership, (same, wish) -> wish == Wish.PERHAPS ? Wish.IN : wish));
    }

    private void leave(Node node) {
        if (!node.wishes.isEmpty()) {
            Membership membership = any(List.copyOf(node.wishes.keySet()));
            node.registry.leave(membership.connectionId(), membership.group());
            node.wishes.put(membership, Wish.OUT);
        }
    }

    private void unregister(Node node) {
        if (!node.connections.isEmpty()) {
            String connection = any(node.connections);
            node.connections.remove(connection);
            node.registry.unregister(connection);
            node.wishes.replaceAll(
                    (membership, wish) -> membership.connectionId().equals(connection) ? Wish.OUT : wish);
        }
    }

    private void freezeOrThaw(Node node) {
        if (simulation.cluster.runs(node.name)) {
            if (node.frozen) {
                simulation.cluster.thaw(node.name);
            } else {
                simulation.cluster.freeze(node.name);
            }
            node.frozen = !node.frozen;
        }
    }

    private void partitionOrHeal(Node node) {
        if (simulation.cluster.runs(node.name)) {
            if (node.partitioned) {
                simulation.cluster.heal(node.name);
            } else {
                simulation.cluster.partition(node.name);
            }
            node.partitioned = !node.partitioned;
        }
    }

    /** The node dies, or is closed, and another of its name takes its place. */
    private void replace(Node node) {
        if (simulation.cluster.runs(node.name)) {
            if (random.nextBoolean()) {
                simulation.cluster.crash(node.name);
            } else {
                node.registry.close();
            }
        }
        nodes.remove(node);
        nodes.add(new Node(node.name));
    }

    private void disturbBackend(int lot) {
        if (lot < 96) {
            paused = !paused;
            if (!stopped) {
                setBackend();
            }
        } else {
            stopped = !stopped;
            if (stopped) {
                simulation.cluster.stop();
            } else {
                simulation.cluster.start(Restart.KEEP);
                setBackend();
            }
        }
    }

    private void setBackend() {
        if (paused) {
            simulation.cluster.pause();
        } else {
            simulation.cluster.resume();
        }
    }

    private void end() {
        simulation.cluster.disturb(null);
        if (stopped) {
            simulation.cluster.start(Restart.KEEP);
        }
        simulation.cluster.resume();
        for (Node node : nodes) {
            if (node.frozen) {
                simulation.cluster.thaw(node.name);
            }
            if (node.partitioned) {
                simulation.cluster.heal(node.name);
            }
        }
        for (int second = 0; second < 12; second++) {
            pass(Duration.ofSeconds(1));
        }
    }

    // ---- what has to hold ----

    private void check(ConnectionRegistry observer) {
        assertThat(watcher.breaks).isEmpty();
        Set<String> connections = new TreeSet<>();
        nodes.forEach(node -> connections.addAll(node.connections));
        for (String group : GROUPS) {
            Set<String> members = new TreeSet<>();
            for (ConnectionRecord member :
                    simulation.done(observer.members(group, null, 1000)).items()) {
                assertThat(members.add(member.connectionId())).isTrue();
                assertThat(member.node()).isIn(observer.nodes());
            }
            Set<String> wanted = new TreeSet<>();
            Set<String> allowed = new TreeSet<>();
            for (Node node : nodes) {
                node.wishes.forEach((membership, wish) -> {
                    if (membership.group().equals(group) && wish != Wish.OUT) {
                        allowed.add(membership.connectionId());
                        if (wish == Wish.IN) {
                            wanted.add(membership.connectionId());
                        }
                    }
                });
            }
            assertThat(members).as("members of " + group).containsAll(wanted);
            assertThat(allowed).as("possible members of " + group).containsAll(members);
            assertThat(simulation.done(observer.memberCount(group))).isEqualTo(members.size());
            assertFeed(watcher.fed.getOrDefault(group, List.of()), members);
        }
        assertThat(simulation.done(observer.connectionCount())).isLessThanOrEqualTo(connections.size());
    }

    private static void assertFeed(List<Publication> fed, Set<String> members) {
        Set<String> present = new HashSet<>();
        long last = fed.isEmpty() ? 0 : fed.get(0).position().offset() - 1;
        for (Publication publication : fed) {
            assertThat(publication.position().offset()).isEqualTo(++last);
            if (publication.kind() == Kind.JOINED) {
                assertThat(present.add(publication.sender()))
                        .as("joined %s once", publication)
                        .isTrue();
            } else if (publication.kind() == Kind.LEFT) {
                assertThat(present.remove(publication.sender()))
                        .as("left %s once", publication)
                        .isTrue();
            }
        }
        assertThat(present).isEqualTo(members);
    }
}
