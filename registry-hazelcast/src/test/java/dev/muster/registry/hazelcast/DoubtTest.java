package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.codec.RecordCodec;
import dev.muster.registry.hazelcast.Roster.Seat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node makes up for: what it could not tell while it stood still, and what is left of those nobody knows. */
class DoubtTest {

    private final Vertx vertx = Vertx.vertx();
    private final String namespace = "doubt-" + Long.toString(System.nanoTime(), 36);
    private final AtomicLong stoodStill = new AtomicLong();
    private final Listening listener = new Listening();
    private ConnectionRegistry registry;

    @BeforeEach
    void start() throws Exception {
        RegistryContext plain =
                RegistryContext.of(vertx, namespace, "n1", Map.of("hazelcast-port", Integer.toString(Ports.range())));
        RegistryContext context = new RegistryContext(
                vertx,
                namespace,
                "n1",
                plain.clock(),
                () -> System.nanoTime() + stoodStill.get(),
                plain.timings(),
                plain.maxPayload(),
                plain.options());
        registry = new HazelcastRegistryProvider().create(context);
        done(registry.start(listener));
    }

    @AfterEach
    void end() throws Exception {
        done(registry.close());
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static ConnectionRecord record(String id, NodeId node) {
        return new ConnectionRecord(id, node, "tcp", "user of " + id, null, id, Instant.EPOCH);
    }

    private static void assertUnavailable(Future<?> call) {
        assertThatThrownBy(() -> done(call))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE));
    }

    @Test
    void what_ended_in_the_moment_after_a_standstill_has_ended() throws Exception {
        for (String id : List.of("stays", "leaves", "goes")) {
            done(registry.register(record(id, registry.self())));
            done(registry.join(id, "room", GroupPolicy.DEFAULT));
        }
        stoodStill.addAndGet(Duration.ofMinutes(1).toNanos());
        // Before the node itself has noticed, for it looks once in a while.
        Future<Boolean> unregistered = registry.unregister("goes");
        Future<Boolean> left = registry.leave("leaves", "room");
        assertUnavailable(unregistered);
        assertUnavailable(left);

        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> listener.told.stream().anyMatch("recovered"::equals));
        assertThat(done(registry.members("room", null, 10)).items())
                .extracting(ConnectionRecord::connectionId)
                .containsExactly("stays");
        assertThat(done(registry.locate("goes"))).isEmpty();
        assertThat(done(registry.locate("leaves"))).isPresent();
        assertThat(done(registry.connectionsOf("user of goes"))).isEmpty();
    }

    @Test
    void what_is_left_of_a_node_without_a_seat_is_swept_once_its_member_is_gone() throws Exception {
        HazelcastInstance member = Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> each.getConfig().getClusterName().equals("muster-" + namespace))
                .findFirst()
                .orElseThrow();
        UUID here = member.getCluster().getLocalMember().getUuid();
        NodeId ghost = NodeId.fresh("ghost");
        byte[] record = RecordCodec.encode(record("c1", ghost)).getBytes();
        IMap<String, GroupEntry> groups = member.getMap(MemberConfig.GROUPS);
        groups.submitToKey(
                        "room",
                        new GroupBatch(
                                new NodeRef(here, ghost.incarnation()),
                                1,
                                List.of(new GroupOp.Join("c1", record, GroupPolicy.DEFAULT))))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(done(registry.memberCount("room"))).isEqualTo(1);

        assertThat(condemnIfGone(member, ghost, here).isDying(ghost.incarnation()))
                .isFalse();
        assertThat(condemnIfGone(member, ghost, UUID.randomUUID()).isDying(ghost.incarnation()))
                .isTrue();
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> done(registry.memberCount("room")) == 0);
    }

    private static Roster condemnIfGone(HazelcastInstance member, NodeId node, UUID at) throws Exception {
        IMap<String, Roster> rosters = member.getMap(MemberConfig.ROSTER);
        RosterCall call = RosterCall.condemnIfGone(new Seat(node, new NodeRef(at, node.incarnation()), 0));
        return rosters.submitToKey(EmbeddedMember.ROSTER_KEY, call)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
