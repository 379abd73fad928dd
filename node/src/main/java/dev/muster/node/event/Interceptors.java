package dev.muster.node.event;

import dev.muster.node.connection.Connection;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Interceptors that many want. */
public final class Interceptors {

    private static final Logger LOG = LoggerFactory.getLogger(Interceptors.class);

    private Interceptors() {}

    /** Takes how long an event took. */
    @FunctionalInterface
    public interface Stopwatch {
        /**
         * Takes a time.
         *
         * @param channel the event's name
         * @param nanos how long it took, in ns
         */
        void took(String channel, long nanos);
    }

    /** Writes a line for each event, at debug: which, from whom, and whether it was refused. Never what it says. */
    public static Interceptor logging() {
        return (event, next) -> {
            try {
                next.proceed();
                LOG.debug(
                        "Event {} from {}", event.channel(), event.connection().id());
            } catch (Refused refused) {
                LOG.debug(
                        "Event {} from {} refused: {}",
                        event.channel(),
                        event.connection().id(),
                        refused.why());
                throw refused;
            }
        };
    }

    /** Tells how long each event took, refused or not. */
    public static Interceptor timing(Stopwatch stopwatch) {
        return (event, next) -> {
            long began = System.nanoTime();
            try {
                next.proceed();
            } finally {
                stopwatch.took(event.channel(), System.nanoTime() - began);
            }
        };
    }

    /**
     * Refuses more than so many events of a connection within a window that begins with its first.
     *
     * @param events at most so many
     * @param within in this time
     */
    public static Interceptor rate(int events, Duration within) {
        return rate(events, within, System::nanoTime);
    }

    static Interceptor rate(int events, Duration within, LongSupplier nanoTime) {
        long window = within.toNanos();
        // By connection, and gone with it.
        Map<Connection, long[]> windows = Collections.synchronizedMap(new WeakHashMap<>());
        return (event, next) -> {
            long now = nanoTime.getAsLong();
            long[] mine = windows.computeIfAbsent(event.connection(), connection -> new long[] {now, 0});
            // A connection's events come one after another on its loop, so its window needs no lock.
            if (now - mine[0] >= window) {
                mine[0] = now;
                mine[1] = 0;
            }
            if (++mine[1] > events) {
                long wait = Duration.ofNanos(window - (now - mine[0])).toMillis() + 1;
                throw new Refused(Refused.Why.RATE_LIMITED, "too many events, wait " + wait + " ms");
            }
            next.proceed();
        };
    }

    /**
     * Has an event handled once that comes again under the same message id from the same client: nothing happens the
     * second time, and nobody is told. An event that was refused may come again. Looks at this node only.
     *
     * @param remembered how many ids are remembered, the latest
     */
    public static Interceptor idempotency(int remembered) {
        Map<String, Boolean> seen = Collections.synchronizedMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > remembered;
            }
        });
        return (event, next) -> {
            String id = event.messageId();
            if (id == null) {
                next.proceed();
                return;
            }
            String client = event.connection().identity().clientId();
            String key = (client == null ? event.connection().id() : client) + '/' + id;
            if (seen.putIfAbsent(key, true) != null) {
                return;
            }
            try {
                next.proceed();
            } catch (Refused refused) {
                seen.remove(key);
                throw refused;
            }
        };
    }
}
