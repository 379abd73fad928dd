package dev.muster.registry.mock;

import dev.muster.registry.mock.Delivery.Fragility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What becomes of the deliveries on one link. */
final class LinkFaults {

    /** Most deliveries that overtake one. */
    static final int OVERTAKEN_BY = 4;

    /** What is held back so that others overtake it goes on after this at the latest, if no others come. */
    private static final Duration HELD_AT_MOST = Duration.ofMillis(20);

    private static final class Held {
        final Delivery delivery;
        int toOvertake;

        Held(Delivery delivery, int toOvertake) {
            this.delivery = delivery;
            this.toOvertake = toOvertake;
        }
    }

    private final Faults faults;
    private final SplittableRandom random;
    private final TimeSource time;
    private final List<Held> held = new ArrayList<>();
    /** When the last delivery that keeps its order arrives. */
    private long inOrderUntil;

    LinkFaults(Faults faults, long seed, TimeSource time) {
        this.faults = faults;
        this.time = time;
        random = new SplittableRandom(seed);
        inOrderUntil = time.nanoTime();
    }

    /** Sends {@code delivery} on, or not, now or later. */
    synchronized void pass(Delivery delivery, Consumer<Delivery> on) {
        // The same draws for every delivery, whatever they decide, so that its successors' fate does not depend on it.
        boolean dropped = random.nextDouble() < faults.drop();
        boolean doubled = random.nextDouble() < faults.duplicate();
        boolean overtaken = random.nextDouble() < faults.reorder();
        int by = 1 + random.nextInt(OVERTAKEN_BY);
        long late = (long) (random.nextDouble() * faults.delay().toNanos());
        boolean repairable = delivery.fragility() == Fragility.REPAIRABLE;
        if (!dropped) {
            if (repairable && overtaken) {
                hold(delivery, by, on);
            } else {
                send(delivery, late, on);
            }
            if (repairable && doubled) {
                send(delivery, late, on);
            }
        }
        overtake(delivery, on);
    }

    private void hold(Delivery delivery, int by, Consumer<Delivery> on) {
        Held kept = new Held(delivery, by);
        held.add(kept);
        time.after(HELD_AT_MOST, () -> letGo(kept, on));
    }

    private synchronized void letGo(Held kept, Consumer<Delivery> on) {
        if (held.remove(kept)) {
            on.accept(kept.delivery);
        }
    }

    private void overtake(Delivery latest, Consumer<Delivery> on) {
        Iterator<Held> waiting = held.iterator();
        while (waiting.hasNext()) {
            Held kept = waiting.next();
            if (kept.delivery != latest && --kept.toOvertake <= 0) {
                waiting.remove();
                on.accept(kept.delivery);
            }
        }
    }

    private void send(Delivery delivery, long late, Consumer<Delivery> on) {
        long now = time.nanoTime();
        long arrival = now + late;
        if (delivery.fragility() != Fragility.REPAIRABLE) {
            // Bytes to one connection may be late, but keep their order.
            arrival = Math.max(arrival, inOrderUntil);
            inOrderUntil = arrival;
        }
        if (arrival <= now) {
            on.accept(delivery);
        } else {
            time.after(Duration.ofNanos(arrival - now), () -> on.accept(delivery));
        }
    }
}
