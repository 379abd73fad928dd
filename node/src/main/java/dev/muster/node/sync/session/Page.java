package dev.muster.node.sync.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch for one client while it is written: what others do not get in the same way. On the space's loop. */
final class Page {

    /** So much, and the page is full: one frame never holds up others on the same socket for long. */
    static final int FULL_BYTES = 64 << 10;

    private static final int USUAL_BYTES = 512;

    private final SyncWire wire;
    private final List<ByteBuf> parts = new ArrayList<>(2);
    /** The last of the parts, if it is this page's own. */
    private @Nullable ByteBuf own;

    private int bytes;
    private final List<Long> initial = new ArrayList<>(2);
    private final List<Long> more = new ArrayList<>(0);
    private boolean ends;
    private boolean closed;
    private int items;

    Page(SyncWire wire) {
        this.wire = wire;
    }

    void add(Item.Op op, Shape shape, Change change) {
        ByteBuf to = own;
        if (to == null) {
            to = Unpooled.buffer(USUAL_BYTES);
            own = to;
            parts.add(to);
        }
        int before = to.readableBytes();
        wire.write(to, before == 0, new Item(op, shape.subscriptionId(), change));
        bytes += to.readableBytes() - before;
        items++;
    }

    /**
     * Adds some of a snapshot.
     *
     * @return false if it has no room any more; then the page is full
     */
    boolean add(Snapshot.Chunk chunk) {
        int more = chunk.bytes().readableBytes();
        boolean isForMore = chunk.room() > room() && more > room();
        if (bytes > 0 && isForMore) {
            closed = true;
            return false;
        }
        if (more > 0) {
            parts.add(chunk.bytes());
            own = null;
        }
        bytes += more;
        items += chunk.items();
        return true;
    }

    /** For chunks. */
    int room() {
        return FULL_BYTES - bytes;
    }

    /** It is the first answer to a subscription. */
    void answers(long subscriptionId) {
        initial.add(subscriptionId);
    }

    /** The snapshot of a subscription goes on in the next. */
    void leavesOut(long subscriptionId) {
        more.add(subscriptionId);
    }

    /** A snapshot that was said to go on ends here, although nothing of it may be left. */
    void ends() {
        ends = true;
    }

    boolean isFull() {
        return closed || bytes >= FULL_BYTES;
    }

    boolean isBlank() {
        return items == 0 && initial.isEmpty() && !ends;
    }

    SyncWire.Batch batch() {
        return new SyncWire.Batch(items, List.copyOf(initial), List.copyOf(more));
    }

    /** All items, in order; not to be modified, for others have some of it as well. */
    List<ByteBuf> parts() {
        return parts;
    }
}
