package dev.muster.node.sync.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A loop whose time the test makes pass. */
final class ManualLoop implements SpaceLoop {

    private record Task(long at, long order, Runnable action) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now = 1_000;
    private long order;

    @Override
    public void execute(Runnable task) {
        after(0, task);
    }

    @Override
    public void after(long nanos, Runnable task) {
        tasks.add(new Task(now + nanos, order++, task));
        tasks.sort(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Does what is due now. */
    void run() {
        pass(0);
    }

    /** Does what is due within a time, each at its own. */
    void pass(long nanos) {
        long end = now + nanos;
        while (!tasks.isEmpty() && tasks.get(0).at() <= end) {
            Task next = tasks.remove(0);
            now = Math.max(now, next.at());
            next.action().run();
        }
        now = end;
    }

    /** Lets all time pass that anybody waits for. */
    void settle() {
        for (int i = 0; i < 10_000 && !tasks.isEmpty(); i++) {
            pass(tasks.get(0).at() - now);
        }
        if (!tasks.isEmpty()) {
            throw new AssertionError("something is always due");
        }
    }

    boolean isIdle() {
        return tasks.isEmpty();
    }
}
