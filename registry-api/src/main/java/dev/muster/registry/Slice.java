package dev.muster.registry;

import java.util.List;

/**
 * Part of a group's log, in order.
 *
 * <p>Messages and membership changes share one sequence but are kept apart, so each has its own mark. With both
 * complete the offsets are dense. With only the messages complete, the offsets missing are membership changes that
 * are no longer kept: whoever needs them reads the members again.
 *
 * @param publications those after the asked position, at most the asked number
 * @param through how far this slice answers, inclusive; ask again from here. Equal to {@code head} when nothing is left
 * @param head the position of the newest publication
 * @param messages whether every MESSAGE, PUT and REMOVE after the asked position up to {@code through} is here
 * @param memberships the same for JOINED and LEFT
 */
public record Slice(
        List<Publication> publications,
        Position through,
        Position head,
        Completeness messages,
        Completeness memberships) {

    /** Whether the log could answer, and if not, why. */
    public enum Completeness {
        /** Nothing is missing. */
        COMPLETE,
        /** Something after the position is no longer kept. */
        TRIMMED,
        /** The position's epoch is not one that the log continues, or the backend lost publications after it (R16). */
        EPOCH_CHANGED,
        /** The position is past the head although its epoch is the current one; nothing like it was ever handed out. */
        AHEAD
    }

    public Slice {
        publications = List.copyOf(publications);
    }

    /** A slice without publications that says for both kinds why the log cannot continue the asked position. */
    public static Slice broken(Position head, Completeness why) {
        return new Slice(List.of(), head, head, why, why);
    }

    /** Whether the log has more after {@link #through()}. */
    public boolean hasMore() {
        return !through.equals(head);
    }
}
