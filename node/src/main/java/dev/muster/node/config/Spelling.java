package dev.muster.node.config;

import java.util.Collection;
import java.util.Optional;

/** Guesses what somebody meant to write. */
public final class Spelling {

    private Spelling() {}

    /** A question to end a complaint about {@code word} with, or nothing if none of {@code known} is near. */
    public static String question(String word, Collection<String> known) {
        return nearest(word, known)
                .map(meant -> ", did you mean " + meant + "?")
                .orElse("");
    }

    /** The one that takes the fewest changes, if a third of the word or less has to change. */
    static Optional<String> nearest(String word, Collection<String> known) {
        String best = null;
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : known) {
            int changes = changes(word, candidate);
            if (changes < least) {
                least = changes;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Letters to insert, remove, replace, or swap with their neighbour, to make one word of the other. */
    private static int changes(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
                least = Math.min(least, cost[i - 1][j - 1] + (same ? 0 : 1));
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[from.length()][to.length()];
    }
}
