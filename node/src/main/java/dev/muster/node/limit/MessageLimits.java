package dev.muster.node.limit;

import dev.muster.node.connection.Connection;
import dev.muster.node.transport.MessageLimit;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much each connection may send: by itself, together with the others of its user, and together with all of the node.
 * What is about the connection itself (pings, acknowledgements, subscriptions, tokens) counts for a budget of its own,
 * {@value #CONTROL_FACTOR} times as large, and for nothing else.
 */
public final class MessageLimits implements MessageLimit {

    /** Who receives much acknowledges much, and costs less than who says something. */
    static final int CONTROL_FACTOR = 10;

    /** Windows in a row with too much, after which a connection is closed. */
    static final int STRIKES = 5;

    /** A client is told at most so often. */
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Allowance each;
    private final UserLimits users;
    private final @Nullable SharedWindow node;
    private final LimitFigures figures;
    private final LongSupplier nanoTime;

    /**
     * @param each connection's
     * @param users those of users
     * @param node of all connections together
     * @param figures counts what is dropped
     * @param nanoTime monotonic, in ns
     */
    public MessageLimits(
            Allowance each, UserLimits users, Allowance node, LimitFigures figures, LongSupplier nanoTime) {
        this.each = each;
        this.users = users;
        this.node = node.isNone() ? null : new SharedWindow(node, nanoTime.getAsLong());
        this.figures = figures;
        this.nanoTime = nanoTime;
    }

    @Override
    public Meter meter(Connection connection) {
        return each.isNone() && users.isOff() && node == null ? Meter.OPEN : new ConnectionMeter(connection);
    }

    /** One connection's. Lives on its event loop. */
    private final class ConnectionMeter implements Meter {

        private final Connection connection;
        private @Nullable SlidingWindow messages;
        private @Nullable SlidingWindow controls;
        private @Nullable String user;
        private @Nullable SharedWindow ofUser;
        private long pauseNanos;
        private long toldAt;
        private boolean told;
        /** The last of the windows in a row in which there was too much, as a number of windows since 0 ns. */
        private long overIn = Long.MIN_VALUE;

        private int strikes;

        ConnectionMeter(Connection connection) {
            this.connection = connection;
        }

        @Override
        public Verdict take(boolean control) {
            long now = nanoTime.getAsLong();
            LimitFigures.Kind over = control ? controls(now) : messages(now);
            if (over == null) {
                return Verdict.PASS;
            }
            figures.count(over);
            return over != LimitFigures.Kind.NODE && strike(now) ? Verdict.CLOSE : tell(now);
        }

        @Override
        public Duration pause() {
            return Duration.ofMillis(SlidingWindow.millis(pauseNanos));
        }

        /** The limit that is reached; null if none is. */
        private LimitFigures.@Nullable Kind messages(long now) {
            if (!each.isNone()) {
                SlidingWindow window = messages;
                if (window == null) {
                    window = new SlidingWindow(each.count(), each.windowNanos(), now);
                    messages = window;
                }
                pauseNanos = window.take(now);
                if (pauseNanos > 0) {
                    return LimitFigures.Kind.CONNECTION;
                }
            }
            SharedWindow others = users.isOff() ? null : ofUser(now);
            pauseNanos = others == null ? 0 : others.take(now);
            if (pauseNanos > 0) {
                return LimitFigures.Kind.USER;
            }
            pauseNanos = node == null ? 0 : node.take(now);
            return pauseNanos > 0 ? LimitFigures.Kind.NODE : null;
        }

        private LimitFigures.@Nullable Kind controls(long now) {
            if (each.isNone()) {
                return null;
            }
            SlidingWindow window = controls;
            if (window == null) {
                Allowance more = each.times(CONTROL_FACTOR);
                window = new SlidingWindow(more.count(), more.windowNanos(), now);
                controls = window;
            }
            pauseNanos = window.take(now);
            return pauseNanos > 0 ? LimitFigures.Kind.CONTROL : null;
        }

        private @Nullable SharedWindow ofUser(long now) {
            String present = connection.identity().userId();
            if (present == null) {
                return null;
            }
            SharedWindow window = ofUser;
            if (window == null || !present.equals(user) || window.isForgotten()) {
                window = users.window(present, now);
                ofUser = window;
                user = present;
            }
            return window;
        }

        /** Whether this is the window that is one too many. */
        private boolean strike(long now) {
            long window = Math.floorDiv(now, each.isNone() ? TELL_NANOS : each.windowNanos());
            if (window == overIn) {
                return false;
            }
            strikes = window == overIn + 1 ? strikes + 1 : 1;
            overIn = window;
            return strikes >= STRIKES;
        }

        private Verdict tell(long now) {
            if (told && now - toldAt < TELL_NANOS) {
                return Verdict.DROP;
            }
            told = true;
            toldAt = now;
            return Verdict.TELL;
        }
    }
}
