package dev.muster.registry.mock;

import java.time.Duration;
import java.util.SplittableRandom;

/** What becomes of one node's operations, one after another. Guarded by the backend's exclusive lock. */
final class CommandFaults {

    /** What becomes of an operation. */
    enum Outcome {
        NORMAL,
        /** Fails at once, and has no effect. */
        REFUSED,
        /** Has no effect, and no answer. */
        LOST,
        /** Has its effect, but no answer. */
        MUTE
    }

    /** What becomes of an operation, and how long it takes there. */
    record Fate(Outcome outcome, Duration delay) {
        static final Fate NONE = new Fate(Outcome.NORMAL, Duration.ZERO);
    }

    private final Faults faults;
    private final SplittableRandom random;

    CommandFaults(Faults faults, long seed) {
        this.faults = faults;
        random = new SplittableRandom(seed);
    }

    Fate next() {
        // Two draws for every operation, whatever they decide: the next operation's fate does not depend on it.
        double lot = random.nextDouble();
        long nanos = (long) (random.nextDouble() * faults.latency().toNanos());
        Outcome outcome = Outcome.NORMAL;
        if (lot < faults.refuse()) {
            outcome = Outcome.REFUSED;
        } else if (lot < faults.refuse() + faults.lose()) {
            outcome = Outcome.LOST;
        } else if (lot < faults.refuse() + faults.lose() + faults.mute()) {
            outcome = Outcome.MUTE;
        }
        return new Fate(outcome, Duration.ofNanos(nanos));
    }
}
