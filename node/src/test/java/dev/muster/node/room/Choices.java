package dev.muster.node.room;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a scenario once for every way its choices can go. The scenario asks {@link #pick} wherever more than one thing
 * may happen next, and has to be deterministic otherwise.
 */
final class Choices {

    private final List<Integer> taken = new ArrayList<>();
    private final List<Integer> of = new ArrayList<>();
    private int at;

    /** Runs {@code scenario} for all ways; returns how many there were. */
    static int all(Consumer<Choices> scenario) {
        Choices choices = new Choices();
        int runs = 0;
        do {
            choices.at = 0;
            try {
                scenario.accept(choices);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("with the choices " + choices.taken.subList(0, choices.at), failure);
            }
            runs++;
        } while (choices.advance());
        return runs;
    }

    /** One of {@code 0} to {@code alternatives - 1}. */
    int pick(int alternatives) {
        if (at == taken.size()) {
            taken.add(0);
            of.add(alternatives);
        }
        if (of.get(at) != alternatives) {
            throw new IllegalStateException("the scenario is not deterministic");
        }
        return taken.get(at++);
    }

    private boolean advance() {
        for (int last = taken.size() - 1; last >= 0; last--) {
            if (taken.get(last) + 1 < of.get(last)) {
                taken.set(last, taken.get(last) + 1);
                return true;
            }
            taken.remove(last);
            of.remove(last);
        }
        return false;
    }
}
