package dev.muster.node.ops;

import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import io.netty.util.concurrent.EventExecutorGroup;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows one message at a time from the socket it came from, through the registry, to the sockets of this node: every
 * node is delivered its own publications too (R13). A sample, so that the others are not slowed down.
 */
final class LatencyProbe {

    /** A message that did not come back by then was lost with its registry. */
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A message under way. */
    static final class Traced {
        final String group;
        final String sender;
        final long began;
        /** Both guarded by this: the answer and the delivery come in any order. */
        @Nullable
        Position published;

        /** The sender's publications that were delivered before the answer, the newest last. */
        private final Position[] delivered = new Position[16];

        private final long[] deliveredAt = new long[16];
        private int deliveries;

        Traced(String group, String sender, long began) {
            this.group = group;
            this.sender = sender;
            this.began = began;
        }

        /** When it was delivered, if this answer tells; else 0. */
        synchronized long published(Position position) {
            published = position;
            for (int i = 0; i < Math.min(deliveries, delivered.length); i++) {
                if (position.equals(delivered[i])) {
                    return deliveredAt[i];
                }
            }
            return 0;
        }

        /** Whether this delivery is the message's. */
        synchronized boolean delivered(Position position, long at) {
            if (published != null) {
                return published.equals(position);
            }
            delivered[deliveries % delivered.length] = position;
            deliveredAt[deliveries % delivered.length] = at;
            deliveries++;
            return false;
        }
    }

    private final LatencyFigures figures;
    private final EventExecutorGroup loops;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Traced> traced = new AtomicReference<>();
    private volatile long began;

    LatencyProbe(LatencyFigures figures, EventExecutorGroup loops, LongSupplier nanoTime) {
        this.figures = figures;
        this.loops = loops;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /**
     * A message from a socket of this node is about to be given to the registry. Before it is: a registry may deliver on
     * another thread before it has returned.
     *
     * @return what to hand to {@link #answered}; null if this message is not followed
     */
    @Nullable
    Traced publishing(String group, Draft draft, long now) {
        String sender = draft.sender();
        if (sender == null || draft.fast() || now - began < BETWEEN_NANOS) {
            return null;
        }
        Traced before = traced.get();
        if (before != null && now - began < GIVE_UP_NANOS) {
            return null;
        }
        Traced next = new Traced(group, sender, now);
        if (!traced.compareAndSet(before, next)) {
            return null;
        }
        began = now;
        return next;
    }

    /** The registry was given the message, and will answer. */
    void answered(Traced message, Future<Published> answer) {
        answer.onComplete((published, failure) -> {
            Position position = failure == null ? published.position() : null;
            if (position == null) {
                traced.compareAndSet(message, null);
                return;
            }
            long at = message.published(position);
            if (at != 0) {
                end(message, at);
            }
        });
    }

    /** A publication was delivered to this node, and handed on to its loops. */
    void delivered(String group, Publication publication) {
        Traced message = traced.get();
        if (message == null || !message.group.equals(group) || !Objects.equals(message.sender, publication.sender())) {
            return;
        }
        Position position = publication.position();
        if (position == null) {
            return;
        }
        // On a loop, behind the deliveries that were just queued there: so that the last hop is in the figure.
        loops.next().execute(() -> {
            long now = nanoTime.getAsLong();
            if (message.delivered(position, now)) {
                end(message, now);
            }
        });
    }

    private void end(Traced message, long now) {
        if (traced.compareAndSet(message, null)) {
            figures.record(now - message.began);
        }
    }
}
