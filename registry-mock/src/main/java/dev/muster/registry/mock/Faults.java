package dev.muster.registry.mock;

import java.time.Duration;

/**
 * Faults that happen by themselves, with given probabilities, drawn from a seed: the same seed, and the same operations
 * and publications in the same order, meet the same faults. Each node's link and each node's operations draw from
 * sequences of their own, so that nodes do not disturb each other's.
 *
 * <p>Deliveries can be lost, late, repeated and overtaken, as far as the contract allows for their kind: sent bytes and
 * fast publications are never repeated (R15, R19), and what a registry says of itself and of other nodes is left alone.
 * Operations can be refused, or hang with or without having been carried out (R02).
 *
 * @param seed from which everything is drawn
 * @param drop probability, 0 to 1, that a delivery is lost
 * @param duplicate probability that a publication comes twice
 * @param reorder probability that a publication is overtaken by the next few
 * @param delay the longest that a delivery takes; each takes a random part of it, so that they also overtake
 * @param refuse probability that an operation fails with UNAVAILABLE and has no effect
 * @param lose probability that an operation fails with TIMEOUT and has no effect
 * @param mute probability that an operation fails with TIMEOUT although it was carried out
 * @param latency the longest an operation takes; each takes a random part of it, in order
 */
public record Faults(
        long seed,
        double drop,
        double duplicate,
        double reorder,
        Duration delay,
        double refuse,
        double lose,
        double mute,
        Duration latency) {

    public Faults {
        probability("drop", drop);
        probability("duplicate", duplicate);
        probability("reorder", reorder);
        probability("refuse, lose and mute together", refuse + lose + mute);
        probability("refuse", refuse);
        probability("lose", lose);
        probability("mute", mute);
        if (delay.isNegative() || latency.isNegative()) {
            throw new IllegalArgumentException(
                    "delay and latency must not be negative, but are " + delay + " and " + latency);
        }
    }

    private static void probability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be 0 to 1, but is " + value);
        }
    }

    /** No faults yet, to be drawn from {@code seed}. */
    public static Faults seeded(long seed) {
        return new Faults(seed, 0, 0, 0, Duration.ZERO, 0, 0, 0, Duration.ZERO);
    }

    /** The same, drawn from another seed. */
    public Faults withSeed(long seed) {
        return new Faults(seed, drop, duplicate, reorder, delay, refuse, lose, mute, latency);
    }

    /** The same, and this share of deliveries is lost. */
    public Faults dropping(double probability) {
        return new Faults(seed, probability, duplicate, reorder, delay, refuse, lose, mute, latency);
    }

    /** The same, and this share of publications comes twice. */
    public Faults duplicating(double probability) {
        return new Faults(seed, drop, probability, reorder, delay, refuse, lose, mute, latency);
    }

    /** The same, and this share of publications is overtaken by up to {@link LinkFaults#OVERTAKEN_BY} others. */
    public Faults reordering(double probability) {
        return new Faults(seed, drop, duplicate, probability, delay, refuse, lose, mute, latency);
    }

    /** The same, and deliveries take up to {@code longest}. */
    public Faults delaying(Duration longest) {
        return new Faults(seed, drop, duplicate, reorder, longest, refuse, lose, mute, latency);
    }

    /** The same, and this share of operations is refused. */
    public Faults refusing(double probability) {
        return new Faults(seed, drop, duplicate, reorder, delay, probability, lose, mute, latency);
    }

    /**
     * The same, and operations hang until they time out.
     *
     * @param lost share of operations that never reach the backend
     * @param unanswered share of operations that are carried out, and the answer never comes
     */
    public Faults hanging(double lost, double unanswered) {
        return new Faults(seed, drop, duplicate, reorder, delay, refuse, lost, unanswered, latency);
    }

    /** The same, and operations take up to {@code longest}. */
    public Faults slowing(Duration longest) {
        return new Faults(seed, drop, duplicate, reorder, delay, refuse, lose, mute, longest);
    }

    LinkFaults ofLink(String node, TimeSource time) {
        return new LinkFaults(this, seed * 31 + node.hashCode(), time);
    }

    CommandFaults ofCommands(String node) {
        return new CommandFaults(this, ~seed * 31 + node.hashCode());
    }
}
