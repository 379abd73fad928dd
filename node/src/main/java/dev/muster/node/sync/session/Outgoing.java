package dev.muster.node.sync.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames on their way from a space's loop to those of the connections: one task for each loop, however many frames. What
 * is put for one connection keeps its order. On the space's loop.
 */
final class Outgoing {

    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

    private record Sending(SyncSession session, ByteBuf frame) {}

    private IdentityHashMap<EventLoop, List<Sending>> byLoop = new IdentityHashMap<>();

    /** Takes over one reference of {@code frame}. */
    void put(SyncSession session, ByteBuf frame) {
        session.sending(frame.readableBytes());
        byLoop.computeIfAbsent(session.connection().loop(), loop -> new ArrayList<>())
                .add(new Sending(session, frame));
    }

    /** Sends them off. */
    void flush() {
        if (byLoop.isEmpty()) {
            return;
        }
        IdentityHashMap<EventLoop, List<Sending>> all = byLoop;
        byLoop = new IdentityHashMap<>();
        all.forEach((loop, sendings) -> {
            try {
                loop.execute(() -> offer(sendings));
            } catch (RejectedExecutionException stopped) {
                sendings.forEach(sending -> sending.frame().release());
            }
        });
    }

    private static void offer(List<Sending> sendings) {
        for (Sending sending : sendings) {
            int bytes = sending.frame().readableBytes();
            try {
                sending.session().connection().offer(sending.frame());
            } catch (RuntimeException failure) {
                String id = sending.session().connection().id();
                LOG.error("Connection {} failed on a frame, the others get theirs", id, failure);
            }
            sending.session().sent(bytes);
        }
    }
}
