package dev.muster.node.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.node.ops.RegistryFigures.Operation;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CountingTest {

    @Test
    @DisplayName("operations are counted by how they ended")
    void outcomes() {
        RegistryFigures figures = new RegistryFigures();
        figures.ended(Operation.JOIN, null, 1_000_000_000);
        figures.ended(Operation.JOIN, new RegistryException(Reason.TIMEOUT, "late"), 2_000_000_000);
        figures.ended(Operation.JOIN, new IllegalStateException(), 0);
        assertThat(figures.outcomes(Operation.JOIN).get("ok").sum()).isEqualTo(1);
        assertThat(figures.outcomes(Operation.JOIN).get("timeout").sum()).isEqualTo(1);
        assertThat(figures.outcomes(Operation.JOIN).get("other").sum()).isEqualTo(1);
        assertThat(figures.count(Operation.JOIN)).isEqualTo(3);
        assertThat(figures.times(Operation.JOIN).seconds()).isEqualTo(3.0);
        assertThat(figures.count(Operation.LEAVE)).isZero();
    }

    @Test
    @DisplayName("the slowest hundredth is known to an eighth")
    void p99() {
        LatencyFigures latency = new LatencyFigures();
        assertThat(latency.p99Millis()).isZero();
        assertThat(latency.averageMillis()).isZero();
        for (int i = 1; i <= 1000; i++) {
            latency.record(TimeUnit.MICROSECONDS.toNanos(10L * i));
        }
        assertThat(latency.averageMillis()).isCloseTo(5.0, within(0.01));
        assertThat(latency.p99Millis()).isBetween(9.9, 9.9 * 1.1);
        latency.record(Long.MAX_VALUE);
        assertThat(latency.count()).isEqualTo(1001);
    }

    @Test
    @DisplayName("a node is ready once its registry was reached, not while it is lost, never again once it drains")
    void state() {
        AtomicLong now = new AtomicLong();
        NodeState state = new NodeState("n", "memory", now::get);
        assertThat(state.status()).isEqualTo(NodeState.Status.REGISTRY_UNAVAILABLE);
        assertThat(state.whenReached().isComplete()).isFalse();
        state.registryReached();
        assertThat(state.status()).isEqualTo(NodeState.Status.READY);
        assertThat(state.whenReached().succeeded()).isTrue();
        state.registryLost();
        assertThat(state.status()).isEqualTo(NodeState.Status.REGISTRY_UNAVAILABLE);
        state.drain();
        state.registryReached();
        assertThat(state.status()).isEqualTo(NodeState.Status.DRAINING);
        now.set(TimeUnit.SECONDS.toNanos(7) + 1);
        assertThat(state.uptimeSeconds()).isEqualTo(7);
    }

    @Test
    @DisplayName("times fall into doublings: nothing is lost below the first or above the last")
    void doublings() {
        LatencyFigures latency = new LatencyFigures();
        for (long micros : new long[] {0, 1, 63, 65, 127, 129, 1_000_000, 5_000_000}) {
            latency.record(TimeUnit.MICROSECONDS.toNanos(micros));
        }
        // 64 µs, 128 µs, 256 µs, … and more than 256 µs
        assertThat(latency.counts(6, 8)).containsExactly(3, 2, 1, 2);
    }

    @Test
    @DisplayName("a counter goes on counting after a garbage collection, though nobody else holds its source")
    void survivesCollection() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AtomicLong counted = new AtomicLong();
        Series series = new Series(registry);
        series.counter("muster.test", "a test", counted::get);
        System.gc();
        counted.set(7);
        assertThat(registry.get("muster.test").functionCounter().count()).isEqualTo(7);
        series.counter("muster.test", "the same again stays as it is", () -> -1);
        assertThat(registry.get("muster.test").functionCounter().count()).isEqualTo(7);
    }
}
