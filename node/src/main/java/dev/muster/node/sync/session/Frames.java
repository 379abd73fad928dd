package dev.muster.node.sync.session;

import dev.muster.node.connection.Framing;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients that are told the same get in a tick, frame by frame. A frame is made when the first needs it: of what nobody
 * takes nothing is encoded. On the space's loop.
 */
final class Frames {

    /**
     * A frame.
     *
     * @param changes how many are in it; the first frame has the first, and so on
     */
    record Frame(ByteBuf bytes, int changes) {}

    private final List<Shape> shapes;
    private final SyncWire wire;
    private final Framing framing;
    private final List<Frame> made = new ArrayList<>(1);
    private int nextShape;
    private int nextChunk;

    /**
     * @param shapes at least one, all of one wire
     */
    Frames(List<Shape> shapes, Framing framing) {
        this.shapes = shapes;
        this.wire = shapes.get(0).id().wire();
        this.framing = framing;
    }

    /** One after another from 0; null when there are no more. The reference stays here. */
    @Nullable
    Frame get(int index) {
        if (index == made.size() && nextShape < shapes.size()) {
            made.add(make());
        }
        return index < made.size() ? made.get(index) : null;
    }

    private Frame make() {
        List<ByteBuf> parts = new ArrayList<>();
        int bytes = 0;
        int changes = 0;
        while (nextShape < shapes.size()) {
            List<Shape.Chunk> chunks = shapes.get(nextShape).chunks();
            Shape.Chunk chunk = chunks.get(nextChunk);
            int more = chunk.bytes().readableBytes();
            if (bytes > 0 && bytes + more > Page.FULL_BYTES) {
                break;
            }
            parts.add(chunk.bytes());
            bytes += more;
            changes += chunk.changes();
            nextChunk++;
            if (nextChunk == chunks.size()) {
                nextChunk = 0;
                nextShape++;
            }
        }
        return new Frame(wire.batch(SyncWire.Batch.of(changes), parts, framing), changes);
    }

    /** Nobody needs them any more. */
    void release() {
        made.forEach(frame -> frame.bytes().release());
    }
}
