package dev.muster.registry.mock;

import dev.muster.registry.RegistryTimings;
import dev.muster.registry.mock.TimeSource.Alarm;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The alarms of one running node; each takes the backend's lock before it does anything. */
final class Alarms {

    /** A node that has lost the backend looks for it at least this often. */
    private static final Duration PROBE = Duration.ofMillis(250);

    private final Backend backend;
    private final RegistryTimings timings;
    private final SplittableRandom jitter;
    private @Nullable Alarm heartbeat;
    private @Nullable Alarm sweep;
    private @Nullable Alarm patience;
    private boolean ended;

    Alarms(Backend backend, RegistryTimings timings, String nodeName) {
        this.backend = backend;
        this.timings = timings;
        jitter = new SplittableRandom(nodeName.hashCode());
    }

    Alarm after(Duration delay, Runnable step) {
        return backend.time.after(
                delay,
                () -> backend.exclusively(() -> {
                    if (!ended) {
                        step.run();
                    }
                }));
    }

    /** The next heartbeat, or the next look for the backend, in the place of the one planned. */
    void planHeartbeat(boolean available, Runnable step) {
        cancel(heartbeat);
        boolean soon = !available && timings.heartbeat().compareTo(PROBE) > 0;
        heartbeat = after(soon ? PROBE : timings.heartbeat(), step);
    }

    /** The next sweep; {@code soon} if the last one left something to do. */
    void planSweep(boolean soon, Runnable step) {
        // Nodes that started together must not all sweep at the same moment.
        double share = 0.8 + 0.4 * jitter.nextDouble();
        Duration spread = Duration.ofNanos((long) (timings.sweep().toNanos() * share));
        sweep = after(soon ? Duration.ofMillis(1) : spread, step);
    }

    /** An answer is waited for, for so long. */
    void planPatience(Duration duration, Runnable over) {
        patience = after(duration, () -> {
            patience = null;
            over.run();
        });
    }

    boolean isPatient() {
        return patience != null;
    }

    void answered() {
        cancel(patience);
        patience = null;
    }

    void end() {
        ended = true;
        cancel(heartbeat);
        cancel(sweep);
        cancel(patience);
    }

    private static void cancel(@Nullable Alarm alarm) {
        if (alarm != null) {
            alarm.cancel();
        }
    }
}
