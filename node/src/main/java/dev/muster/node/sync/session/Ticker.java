package dev.muster.node.sync.session;

/**
 * Says when a space's clients are told. Changes go out on a fixed grid of ticks, so that those of one tick travel
 * together; an idle space costs nothing. What is owed to single clients goes out at once, and while they do not take it,
 * ever less often, but at least once in a tick. On the space's loop.
 */
final class Ticker {

    private static final long SOON_NANOS = 2_000_000;

    private final SpaceLoop loop;
    private final long interval;
    private final Runnable onTick;
    private final Runnable onPay;
    private final long start;
    private boolean ticking;
    private boolean paying;
    private long pause = SOON_NANOS;

    /**
     * @param interval between two ticks, in ns
     */
    Ticker(SpaceLoop loop, long interval, Runnable onTick, Runnable onPay) {
        this.loop = loop;
        this.interval = interval;
        this.onTick = onTick;
        this.onPay = onPay;
        this.start = loop.nanoTime();
    }

    /** Something changed: at the next tick everybody is told. */
    void changed() {
        if (!ticking) {
            ticking = true;
            loop.after(interval - (loop.nanoTime() - start) % interval, () -> {
                ticking = false;
                onTick.run();
            });
        }
    }

    /** Somebody is owed something they can have now. */
    void owing() {
        pause = SOON_NANOS;
        if (!paying) {
            pay(0);
        }
    }

    /**
     * Somebody is still owed something.
     *
     * @param taken whether anybody took anything just now
     */
    void stillOwing(boolean taken) {
        if (taken) {
            pause = SOON_NANOS;
        }
        if (!paying) {
            pay(pause);
            pause = Math.min(interval, 2 * pause);
        }
    }

    private void pay(long after) {
        paying = true;
        loop.after(after, () -> {
            paying = false;
            onPay.run();
        });
    }
}
