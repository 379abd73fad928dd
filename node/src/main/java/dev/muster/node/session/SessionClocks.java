package dev.muster.node.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the sessions of each event loop some times a second, on that loop, as long as it has any. */
final class SessionClocks {

    private static final Logger LOG = LoggerFactory.getLogger(SessionClocks.class);

    private static final long PERIOD_MS = 50;

    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<EventLoop, OfLoop> loops = new ConcurrentHashMap<>();

    SessionClocks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** On the session's loop. */
    void add(Session session) {
        EventLoop loop = session.connection().loop();
        loops.computeIfAbsent(loop, OfLoop::new).add(session);
    }

    /** On the session's loop. */
    void remove(Session session) {
        OfLoop clock = loops.get(session.connection().loop());
        if (clock != null) {
            clock.remove(session);
        }
    }

    private final class OfLoop implements Runnable {
        private final EventLoop loop;
        private final Set<Session> sessions = new LinkedHashSet<>();
        private final List<Session> now = new ArrayList<>();
        private @Nullable ScheduledFuture<?> ticking;

        OfLoop(EventLoop loop) {
            this.loop = loop;
        }

        void add(Session session) {
            sessions.add(session);
            if (ticking == null) {
                ticking = loop.scheduleWithFixedDelay(this, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
            }
        }

        void remove(Session session) {
            sessions.remove(session);
            ScheduledFuture<?> present = ticking;
            if (sessions.isEmpty() && present != null) {
                present.cancel(false);
                ticking = null;
            }
        }

        @Override
        public void run() {
            long at = nanoTime.getAsLong();
            now.addAll(sessions);
            for (Session session : now) {
                try {
                    session.tick(at);
                } catch (RuntimeException failure) {
                    LOG.error("A session's clock failed: {}", session, failure);
                }
            }
            now.clear();
        }
    }
}
