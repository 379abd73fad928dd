package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.Slice;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {

    private static final Faults ROUGH =
            Faults.seeded(7).dropping(0.2).duplicating(0.2).reordering(0.3).delaying(Duration.ofMillis(30));

    private Simulation simulation = new Simulation();

    @AfterEach
    void end() {
        simulation.close();
    }

    /** The offsets a node hears, raw, of a hundred publications 5 ms apart. */
    private List<Long> heard(Faults faults) {
        simulation.close();
        simulation = new Simulation();
        RecordingListener listener = new RecordingListener();
        ConnectionRegistry speaker = simulation.start("speaker", new RecordingListener());
        ConnectionRegistry node = simulation.start("node", listener);
        simulation.done(node.watch("room"));
        simulation.cluster.disturb(faults);
        for (int i = 0; i < 100; i++) {
            simulation.say(speaker, "room", "m" + i);
            simulation.pass(Duration.ofMillis(5));
        }
        simulation.pass(Duration.ofSeconds(1));
        return listener.publications().stream()
                .map(each -> each.position().offset())
                .toList();
    }

    @Test
    void theSameSeedMeetsTheSameFaults() {
        List<Long> first = heard(ROUGH);

        assertThat(heard(ROUGH)).isEqualTo(first);
        assertThat(heard(Faults.seeded(8)
                        .dropping(0.2)
                        .duplicating(0.2)
                        .reordering(0.3)
                        .delaying(Duration.ofMillis(30))))
                .isNotEqualTo(first);
    }

    @Test
    void eachFaultDoesWhatItSays() {
        List<Long> all = IntStream.rangeClosed(1, 100).mapToObj(Long::valueOf).toList();
        assertThat(heard(Faults.seeded(1))).isEqualTo(all);
        assertThat(heard(Faults.seeded(1).dropping(0.3)))
                .doesNotHaveDuplicates()
                .isSorted()
                .hasSizeBetween(50, 90);
        assertThat(heard(Faults.seeded(1).duplicating(0.3)))
                .isSorted()
                .containsAll(all)
                .hasSizeBetween(110, 150);
        List<Long> reordered = heard(Faults.seeded(1).reordering(0.3));
        assertThat(reordered).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(all);
        List<Long> delayed = heard(Faults.seeded(1).delaying(Duration.ofMillis(30)));
        assertThat(delayed).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(all);
    }

    @Test
    void sentBytesMayBeLostButNeitherRepeatedNorOvertaken() {
        RecordingListener listener = new RecordingListener();
        ConnectionRegistry speaker = simulation.start("speaker", new RecordingListener());
        ConnectionRegistry node = simulation.start("node", listener);
        simulation.done(node.register(Simulation.record(node, "c1")));
        listener.others().clear();
        simulation.cluster.disturb(ROUGH);
        for (int i = 100; i < 300; i++) {
            assertThat(simulation.done(speaker.send("c1", Buffer.buffer("b" + i))))
                    .isTrue();
        }
        simulation.pass(Duration.ofSeconds(1));

        assertThat(listener.others())
                .allMatch(line -> line.startsWith("send c1 b"))
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSizeBetween(100, 199);
    }

    /** A feed puts right whatever a link may do, and says so if it cannot: with every seed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aFeedPutsRightWhatALinkDoes(long seed) {
        FeedOf fed = new FeedOf();
        ConnectionRegistry speaker = simulation.start("speaker", new RecordingListener());
        ConnectionRegistry node = simulation.create("node");
        GroupFeed feed = fed.over(node);
        simulation.done(node.start(fed.raw(feed)));
        Position start = simulation.done(feed.watch("room"));
        simulation.cluster.disturb(Faults.seeded(seed)
                .dropping(0.1)
                .duplicating(0.2)
                .reordering(0.2)
                .delaying(Duration.ofMillis(40)));
        for (int i = 0; i < 300; i++) {
            simulation.say(speaker, "room", "m" + i);
            simulation.time.advance(Duration.ofMillis(10));
            feed.tick(simulation.time.nanoTime());
        }
        simulation.cluster.disturb(null);
        for (int i = 0; i < 12; i++) {
            simulation.pass(Duration.ofSeconds(1));
            feed.tick(simulation.time.nanoTime());
            simulation.settle();
        }

        assertThat(fed.resets).isEmpty();
        assertThat(fed.offsets)
                .isEqualTo(IntStream.rangeClosed(1, 300)
                        .mapToObj(i -> start.offset() + i)
                        .toList());
    }

    /** What comes out of a feed. */
    private static final class FeedOf implements GroupFeed.Listener {
        final List<Long> offsets = new ArrayList<>();
        final List<Position> resets = new ArrayList<>();

        GroupFeed over(ConnectionRegistry registry) {
            return new GroupFeed(registry, this);
        }

        RegistryListener raw(GroupFeed feed) {
            return new ForwardingListener(new RecordingListener()) {
                @Override
                public void onPublication(String group, Publication publication) {
                    feed.onPublication(group, publication);
                }
            };
        }

        @Override
        public void onPublication(String group, Publication publication) {
            offsets.add(publication.position().offset());
        }

        @Override
        public void onReset(String group, Position at, Slice.Completeness why) {
            resets.add(at);
        }

        @Override
        public void onMembersReset(String group) {
            resets.add(new Position("members", 0));
        }
    }

    // ---- operations ----

    private List<String> outcomes(Faults faults) {
        simulation.close();
        simulation = new Simulation();
        ConnectionRegistry node = simulation.start("node", new RecordingListener());
        simulation.cluster.disturb(faults);
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            published.add(node.publish("room", Draft.text(null, "m" + i), GroupPolicy.DEFAULT));
        }
        simulation.pass(Duration.ofSeconds(3));
        assertThat(published).allMatch(Future::isComplete);
        return published.stream()
                .map(each -> each.succeeded()
                        ? "at " + each.result().position().offset()
                        : ((RegistryException) each.cause()).reason().toString())
                .toList();
    }

    @Test
    void operationsAreRefusedOrHangAsTheSeedWantsIt() {
        Faults faults = Faults.seeded(3).refusing(0.2).hanging(0.1, 0.1).slowing(Duration.ofMillis(20));
        List<String> first = outcomes(faults);

        assertThat(outcomes(faults)).isEqualTo(first);
        Set<String> kinds = new HashSet<>();
        first.forEach(each -> kinds.add(each.startsWith("at") ? "at" : each));
        assertThat(kinds).containsExactlyInAnyOrder("at", "UNAVAILABLE", "TIMEOUT");
        // Slow or not, what succeeded has positions in the order of the calls (R14).
        assertThat(first.stream()
                        .filter(each -> each.startsWith("at"))
                        .map(each -> Long.valueOf(each.substring(3)))
                        .toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aMuteOperationHasItsEffectAndALostOneHasNone() {
        ConnectionRegistry node = simulation.start("node", new RecordingListener());
        Draft draft = Draft.text(null, "once").withMessageId("id");
        simulation.cluster.disturb(Faults.seeded(1).hanging(0, 1));
        Future<Published> mute = node.publish("room", draft, GroupPolicy.DEFAULT);
        simulation.pass(Duration.ofMillis(2_000));
        assertThat(((RegistryException) mute.cause()).reason()).isEqualTo(Reason.TIMEOUT);
        simulation.cluster.disturb(Faults.seeded(1).hanging(1, 0));
        Future<Published> lost = node.publish("room", Draft.text(null, "never"), GroupPolicy.DEFAULT);
        simulation.pass(Duration.ofMillis(2_000));
        assertThat(((RegistryException) lost.cause()).reason()).isEqualTo(Reason.TIMEOUT);
        simulation.cluster.disturb(null);

        Published retried = simulation.done(node.publish("room", draft, GroupPolicy.DEFAULT));
        assertThat(retried.duplicate()).isTrue();
        assertThat(simulation.say(node, "room", "next").position().offset())
                .isEqualTo(retried.position().offset() + 1);
    }

    @Test
    void probabilitiesOutsideZeroToOneAreRefused() {
        assertThatThrownBy(() -> Faults.seeded(1).dropping(1.1)).hasMessage("drop must be 0 to 1, but is 1.1");
        assertThatThrownBy(() -> Faults.seeded(1).refusing(0.6).hanging(0.3, 0.3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Faults.seeded(1).duplicating(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
