package dev.muster.node.sync;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a changed entry costs a replica that nobody listens to. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplicaBenchmark {

    /** Entities in the space, of two components each. */
    @Param({"1000", "10000", "100000"})
    public int entities;

    private FullTable full = new FullTable(1);
    /** In no order, as changes come. */
    private String[] keys = {};

    private int next;

    /** A space as it is. */
    @Setup
    public void prepare() {
        full = new FullTable(entities);
        full.fill();
        Random random = new Random(1);
        keys = new String[1 << 16];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = full.key(random.nextInt(entities));
        }
    }

    /** One entry changes, and nobody wants to know. */
    @Benchmark
    public void unheard() {
        full.move(keys[next & keys.length - 1], next++);
    }
}
