package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Crash, partition and overload in exact time, with the default timings. */
class NodeFailuresTest {

    private final Simulation simulation = new Simulation();
    private final RecordingListener heard = new RecordingListener();
    private final RecordingListener told = new RecordingListener();

    @AfterEach
    void end() {
        simulation.close();
    }

    private long count(Kind kind) {
        return heard.publications().stream().filter(each -> each.kind() == kind).count();
    }

    private Reason reason(Future<?> failed) {
        simulation.settle();
        return ((RegistryException) failed.cause()).reason();
    }

    @Test
    void aDeadNodeIsGoneWithinTwelveSecondsAndNotBeforeItsLeaseEnds() {
        ConnectionRegistry survivor = simulation.start("survivor", heard);
        ConnectionRegistry dying = simulation.start("dying", told);
        simulation.done(survivor.watch("room"));
        simulation.join(dying, "c1", "room");
        simulation.pass(Duration.ofSeconds(3));
        simulation.cluster.crash("dying");
        simulation.pass(Duration.ofMillis(7_900));
        assertThat(simulation.done(survivor.memberCount("room"))).isEqualTo(1);
        assertThat(survivor.nodes()).hasSize(2);
        simulation.pass(Duration.ofMillis(4_100));

        assertThat(simulation.done(survivor.memberCount("room"))).isZero();
        assertThat(simulation.done(survivor.connectionCount())).isZero();
        assertThat(survivor.nodes()).containsExactly(survivor.self());
        assertThat(count(Kind.LEFT)).isEqualTo(1);
        assertThat(heard.others()).containsExactly("up dying", "down dying");
        assertThat(reason(dying.connectionCount())).isEqualTo(Reason.CLOSED);
    }

    @Test
    void manyMembershipsOfADeadNodeGoInSteps() {
        int members = 3 * Backend.SWEEP_STEP + 1;
        ConnectionRegistry survivor = simulation.start("survivor", heard);
        ConnectionRegistry dying = simulation.start("dying", told);
        simulation.done(survivor.watch("room"));
        for (int i = 0; i < members; i++) {
            dying.register(Simulation.record(dying, "c" + i));
            dying.join("c" + i, "room", GroupPolicy.DEFAULT);
        }
        simulation.cluster.crash("dying");
        simulation.pass(Duration.ofSeconds(12));

        assertThat(simulation.done(survivor.memberCount("room"))).isZero();
        assertThat(heard.publications().stream()
                        .filter(each -> each.kind() == Kind.LEFT)
                        .map(Publication::sender)
                        .toList())
                .hasSize(members)
                .doesNotHaveDuplicates();
    }

    @Test
    void aNodeThatIsCutOffKnowsBeforeItsLeaseEndsAndFailsFastFromThen() {
        simulation.start("other", heard);
        ConnectionRegistry cutOff = simulation.start("cut-off", told);
        told.others().clear();
        simulation.cluster.partition("cut-off");
        Future<Long> first = cutOff.connectionCount();
        simulation.pass(Duration.ofSeconds(2));
        assertThat(reason(first)).isEqualTo(Reason.TIMEOUT);
        simulation.pass(Duration.ofSeconds(6));

        assertThat(told.others()).containsExactly("unavailable");
        assertThat(reason(cutOff.connectionCount())).isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void afterAShortPartitionNothingHasHappenedButWhatTheLinkLost() {
        ConnectionRegistry other = simulation.start("other", heard);
        ConnectionRegistry cutOff = simulation.start("cut-off", told);
        NodeId before = cutOff.self();
        simulation.done(other.watch("room"));
        simulation.done(cutOff.watch("room"));
        simulation.join(cutOff, "c1", "room");
        simulation.cluster.partition("cut-off");
        simulation.say(other, "room", "unheard");
        simulation.pass(Duration.ofSeconds(6));
        simulation.cluster.heal("cut-off");
        simulation.pass(Duration.ofSeconds(1));
        simulation.say(other, "room", "heard");
        simulation.settle();

        assertThat(cutOff.self()).isEqualTo(before);
        assertThat(count(Kind.LEFT)).isZero();
        assertThat(told.others()).contains("unavailable", "link replaced").endsWith("recovered");
        assertThat(told.publications())
                .extracting(each -> each.payload().toString())
                .contains("heard")
                .doesNotContain("unheard");
    }

    @Test
    void whatEndsWhileANodeIsCutOffEndsInTheClusterWhenItIsBack() {
        ConnectionRegistry other = simulation.start("other", heard);
        ConnectionRegistry cutOff = simulation.start("cut-off", told);
        simulation.done(other.watch("room"));
        for (String connection : List.of("stays", "leaves", "goes")) {
            simulation.join(cutOff, connection, "room");
        }
        simulation.cluster.partition("cut-off");
        simulation.pass(Duration.ofSeconds(5));
        cutOff.leave("leaves", "room");
        cutOff.unregister("goes");
        simulation.cluster.heal("cut-off");
        simulation.pass(Duration.ofSeconds(1));

        assertThat(simulation.done(other.members("room", null, 10)).items())
                .extracting(ConnectionRecord::connectionId)
                .containsExactly("stays");
        assertThat(simulation.done(other.locate("leaves"))).isPresent();
        assertThat(simulation.done(other.locate("goes"))).isEmpty();
        assertThat(heard.publications().stream()
                        .filter(each -> each.kind() == Kind.LEFT)
                        .map(Publication::sender)
                        .toList())
                .containsExactlyInAnyOrder("leaves", "goes");
    }

    @Test
    void aLongPartitionEndsInANewIncarnation() {
        ConnectionRegistry other = simulation.start("other", heard);
        ConnectionRegistry cutOff = simulation.start("cut-off", told);
        simulation.done(other.watch("room"));
        simulation.join(cutOff, "c1", "room");
        heard.others().clear();
        told.others().clear();
        simulation.cluster.partition("cut-off");
        simulation.pass(Duration.ofSeconds(13));
        simulation.cluster.heal("cut-off");
        simulation.pass(Duration.ofSeconds(1));

        assertThat(heard.others()).containsExactly("down cut-off", "up cut-off");
        assertThat(told.others())
                .containsExactly(
                        "unavailable", "link replaced", "incarnation of cut-off", "link replaced", "recovered");
        assertThat(heard.publications())
                .extracting(Publication::kind)
                .containsExactly(Kind.JOINED, Kind.LEFT, Kind.JOINED);
        assertThat(simulation.done(other.memberCount("room"))).isEqualTo(1);
    }

    @Test
    void aFrozenNodeThatIsFloodedIsToldThatItMissedSomething() {
        ConnectionRegistry speaker = simulation.start("speaker", heard);
        ConnectionRegistry frozen = simulation.start("frozen", told);
        simulation.done(frozen.watch("room"));
        told.others().clear();
        simulation.cluster.freeze("frozen");
        int flood = Link.CAPACITY + 1_000;
        for (int i = 0; i < flood; i++) {
            speaker.publish("room", Draft.text(null, "m"), GroupPolicy.DEFAULT);
        }
        simulation.cluster.thaw("frozen");
        simulation.pass(Duration.ofSeconds(1));
        for (int turns = 0; turns < 100; turns++) {
            simulation.settle();
        }

        assertThat(told.publications()).hasSize(Link.CAPACITY);
        assertThat(told.others()).containsExactly("link replaced");
        simulation.say(speaker, "room", "goes on");
        assertThat(told.publications()).hasSize(Link.CAPACITY + 1);
    }

    @Test
    void aCrashedNodesNameCanBeUsedAtOnceAndALivingOnesNever() {
        ConnectionRegistry other = simulation.start("other", heard);
        ConnectionRegistry first = simulation.start("name", told);
        NodeId dead = first.self();
        Future<Void> second = simulation.create("name").start(told);
        assertThat(reason(second)).isEqualTo(Reason.REJECTED);
        simulation.cluster.crash("name");
        heard.others().clear();
        ConnectionRegistry third = simulation.start("name", told);

        assertThat(third.self()).isNotEqualTo(dead);
        assertThat(other.nodes()).containsExactlyInAnyOrder(other.self(), third.self());
        assertThat(heard.others()).containsExactly("down name", "up name");
    }
}
