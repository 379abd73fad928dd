package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryTimings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/** What the tests of all subjects share: a cluster for each test, and assertions in the contract's words. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
abstract class TckTest {

    private static final AtomicInteger MARKERS = new AtomicInteger();

    private Cluster cluster;

    /** A fresh fixture for one test. */
    protected abstract RegistryFixture newFixture() throws Exception;

    /**
     * Timings of the nodes. Empty groups stay long enough that none goes while a test on a busy machine is between two
     * steps; those that wait for their end shorten it.
     */
    RegistryTimings timings(RegistryFixture fixture) {
        return fixture.timings().withIdleGroup(Duration.ofSeconds(30)).withDedupe(Duration.ofMinutes(1));
    }

    @BeforeEach
    void openCluster() throws Exception {
        RegistryFixture fixture = newFixture();
        cluster = new Cluster(fixture, timings(fixture));
    }

    @AfterEach
    void closeCluster() {
        if (cluster == null) {
            return;
        }
        try (Cluster open = cluster) {
            for (TckNode node : open.nodes()) {
                assertThat(node.events().overlaps())
                        .as("R23: callbacks of one group ran at the same time on %s", node)
                        .isZero();
            }
        }
    }

    final Cluster cluster() {
        return cluster;
    }

    final RegistryFixture fixture() {
        return cluster.fixture();
    }

    /** Ends the test as skipped, with the capability's name, if the fixture does not have it. */
    final void requires(Capability... capabilities) {
        for (Capability capability : capabilities) {
            if (!fixture().capabilities().contains(capability)) {
                String registry = fixture().provider().name();
                throw new TestAbortedException("registry " + registry + " lacks the capability " + capability);
            }
        }
    }

    // ---- time ----

    final void await(String what, BooleanSupplier condition) {
        cluster.await(what, condition);
    }

    final void await(String what, Duration within, BooleanSupplier condition) {
        fixture().time().await(what, within, condition);
    }

    final void pass(Duration duration) {
        fixture().time().pass(duration);
    }

    // ---- futures ----

    final <T> T done(Future<T> future) {
        return cluster.nodes().get(0).done(future);
    }

    /** Waits for all, then returns their results. */
    final <T> List<T> done(Collection<Future<T>> futures) {
        return futures.stream().map(this::done).toList();
    }

    /** The reason for which a future fails; fails if it succeeds, or for something else than a registry's reason. */
    final RegistryException.Reason failure(Future<?> future) {
        assertThat(catchThrowable(() -> done(future)))
                .as("failure of an operation")
                .isInstanceOf(TckNode.OperationFailed.class);
        assertThat(future.cause()).as("failure of an operation").isInstanceOf(RegistryException.class);
        return ((RegistryException) future.cause()).reason();
    }

    // ---- feeds ----

    /**
     * Publishes a marker and waits until it is the newest message in the feed of every one of these nodes: whatever was
     * to come before it has come.
     */
    final void settle(String group, List<TckNode> watching) {
        settle(group, watching.get(0), watching);
    }

    /** The same with a publisher that need not watch. */
    final void settle(String group, TckNode publisher, List<TckNode> watching) {
        String marker = "marker " + MARKERS.incrementAndGet();
        mark(publisher, group, marker);
        for (TckNode node : watching) {
            await(marker + " reaches " + node, () -> node.feed(group).texts().contains(marker));
        }
    }

    /** Publishes a marker. Where nodes die and stand still it may take more than one attempt. */
    void mark(TckNode publisher, String group, String marker) {
        publisher.say(group, marker);
    }

    /** The texts of a feed without those of {@link #settle}. */
    static List<String> said(TckNode node, String group) {
        return node.feed(group).texts().stream()
                .filter(text -> !text.startsWith("marker "))
                .toList();
    }

    /** Dense from {@code after} on: no gap, no repetition, no step back (R11). */
    static void assertDense(Position after, List<Publication> publications) {
        long expected = after.offset();
        for (Publication publication : publications) {
            assertThat(publication.position())
                    .as("position in a dense sequence")
                    .isEqualTo(after.at(++expected));
        }
    }

    /** All these nodes were fed exactly the same, in the same order, without a break. */
    static void assertSameFeed(String group, TckNode... nodes) {
        assertSameFeed(group, Arrays.asList(nodes));
    }

    static void assertSameFeed(String group, List<TckNode> nodes) {
        List<Publication> first = nodes.get(0).feed(group).ordered();
        for (TckNode node : nodes) {
            assertThat(node.feed(group).resets()).as("resets of %s", node).isEmpty();
            assertThat(node.feed(group).ordered()).as("feed of %s", node).isEqualTo(first);
        }
    }
}
