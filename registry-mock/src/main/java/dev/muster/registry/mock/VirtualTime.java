package dev.muster.registry.mock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A time that stands still until {@link #advance} moves it. Whatever is due in between runs on the thread that
 * advances, in the order of its time, and equal times in the order they were asked for: the same calls give the same
 * course of events. What a registry then tells its listener comes on the listener's own thread, a moment later.
 */
public final class VirtualTime implements TimeSource {

    /** Where the time of day starts unless a test wants another: 2026-01-01, midnight UTC. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Instant start;

    private record Task(long due, long number, Runnable run) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private long now;
    private long numbers;

    /** Starts at {@link #START}. */
    public VirtualTime() {
        this(START);
    }

    /** The time of day starts at {@code start}. */
    public VirtualTime(Instant start) {
        this.start = start;
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public long currentTimeMillis() {
        return start.toEpochMilli() + nanoTime() / 1_000_000;
    }

    @Override
    public synchronized Alarm after(Duration delay, Runnable task) {
        Task planned = new Task(now + Math.max(0, delay.toNanos()), numbers++, task);
        tasks.add(planned);
        return () -> forget(planned);
    }

    private synchronized void forget(Task task) {
        tasks.remove(task);
    }

    /** Moves the time on by {@code duration}, and runs what falls due on the way. One thread at a time. */
    public void advance(Duration duration) {
        long until = nanoTime() + duration.toNanos();
        for (Task due = next(until); due != null; due = next(until)) {
            due.run().run();
        }
    }

    /** The next task up to {@code until}, with the time moved to it; null, with the time moved to the end, if none. */
    private synchronized @Nullable Task next(long until) {
        Task first = tasks.peek();
        if (first == null || first.due() > until) {
            now = Math.max(now, until);
            return null;
        }
        now = Math.max(now, first.due());
        return tasks.poll();
    }

    /** This time as a clock, for a {@link dev.muster.registry.RegistryContext}. */
    public Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return Clock.fixed(instant(), zone);
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(currentTimeMillis());
            }
        };
    }
}
