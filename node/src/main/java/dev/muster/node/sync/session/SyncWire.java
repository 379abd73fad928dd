package dev.muster.node.sync.session;

import dev.muster.node.connection.Framing;
import dev.muster.node.sync.Status;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a wire says what its clients are told. One object for each wire and node, compared by identity: subscriptions of
 * the same wire and shape share what was encoded. On the loop of a space.
 */
public interface SyncWire {

    /** Whether a client can be told that it subscribed to a component that nobody knows. */
    boolean tellsUnknown();

    /** Whether a client is told that its snapshot goes on in another batch, and so waits for one that does not say so. */
    boolean tellsMore();

    /**
     * Appends one item of a batch.
     *
     * @param first whether it is the first in {@code to}
     */
    void write(ByteBuf to, boolean first, Item item);

    /**
     * A batch as a whole frame, to be offered to any connection of that framing.
     *
     * @param parts what {@link #write} made; read without moving their indices
     */
    ByteBuf batch(Batch batch, List<ByteBuf> parts, Framing framing);

    /** An answer as a whole frame; null if this wire has none for it. */
    @Nullable
    ByteBuf answer(Answer answer, Framing framing);

    /** Counts that a client was refused something. Any thread. */
    void refused(Status status);

    /**
     * What is around the items of a batch.
     *
     * @param items how many there are
     * @param initial subscriptions that it is the first answer to
     * @param more those of them, or of earlier ones, whose snapshot goes on in the next batch
     */
    record Batch(int items, List<Long> initial, List<Long> more) {

        /** A batch of changes. */
        static Batch of(int items) {
            return new Batch(items, List.of(), List.of());
        }
    }
}
