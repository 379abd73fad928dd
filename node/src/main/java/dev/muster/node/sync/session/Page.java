package dev.muster.node.sync.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** A batch for one client while it is written: what others do not get in the same way. On the space's loop. */
final class Page {

    /** So much, and the page is full: one frame never holds up others on the same socket for long. */
    static final int FULL_BYTES = 64 << 10;

    private static final int USUAL_BYTES = 512;

    private final SyncWire wire;
    private final ByteBuf bytes = Unpooled.buffer(USUAL_BYTES);
    private final List<Long> initial = new ArrayList<>(2);
    private final List<Long> more = new ArrayList<>(0);
    private boolean ends;
    private int items;

    Page(SyncWire wire) {
        this.wire = wire;
    }

    void add(Item.Op op, Shape shape, Change change) {
        wire.write(bytes, items == 0, new Item(op, shape.subscriptionId(), change));
        items++;
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
        return bytes.readableBytes() >= FULL_BYTES;
    }

    boolean isBlank() {
        return items == 0 && initial.isEmpty() && !ends;
    }

    SyncWire.Batch batch() {
        return new SyncWire.Batch(items, List.copyOf(initial), List.copyOf(more));
    }

    /** Of all items, one after another. */
    ByteBuf bytes() {
        return bytes;
    }
}
