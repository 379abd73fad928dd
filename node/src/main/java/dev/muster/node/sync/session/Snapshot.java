package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What there is for those who subscribe to a shape, as they are told of it: the entities of a moment, each as it is when its
 * turn comes. Encoded in chunks; where several read it, a chunk is kept as long as nothing in it changes. On the space's
 * loop.
 */
final class Snapshot {

    /**
     * Some of the entities, encoded.
     *
     * @param end behind the last of them
     * @param items how many there are in it; none if these entities have nothing to tell of
     * @param room bytes that it was full with; it may have more, by its last item
     */
    record Chunk(int end, int items, ByteBuf bytes, int room) {}

    /** Bytes of most items; others take a little longer. */
    private static final int USUAL_ITEM = 256;

    private final Shape shape;
    private final Scene scene;
    /** In ascending order. */
    private final long[] entities;
    /** By where they start. */
    private final TreeMap<Integer, Chunk> kept = new TreeMap<>();

    private @Nullable Snapshots keeper;
    private boolean read;

    /**
     * @param keeper tells it of changes, so that it may keep what was encoded; null if nobody does
     */
    Snapshot(Shape shape, Scene scene, @Nullable Snapshots keeper) {
        this.shape = shape;
        this.scene = scene;
        this.entities = shape.entities();
        this.keeper = keeper;
    }

    Shape shape() {
        return shape;
    }

    int size() {
        return entities.length;
    }

    /** Whether it is about an entity, of those at {@code from} and behind. */
    boolean has(Entity entity, int from) {
        return Arrays.binarySearch(entities, from, entities.length, entity.bits()) >= 0;
    }

    /**
     * The entities from {@code from} on, until the chunk is full.
     *
     * @param room bytes that a new chunk is full with; one that was kept may have more
     */
    Chunk chunk(int from, int room) {
        read = true;
        Chunk present = kept.get(from);
        if (present != null) {
            return present;
        }
        // What was kept behind it goes on to fit.
        Integer next = kept.higherKey(from);
        Chunk made = encode(from, next == null ? entities.length : next, room);
        if (keeper != null && keeper.mayKeep(made.bytes().readableBytes())) {
            kept.put(from, made);
        }
        return made;
    }

    private Chunk encode(int from, int until, int room) {
        ByteBuf bytes = Unpooled.buffer(Math.min(room + USUAL_ITEM, USUAL_ITEM * (until - from)));
        int[] items = {0};
        int end = from;
        while (end < until && (end == from || bytes.readableBytes() < room)) {
            Entity entity = new Entity(entities[end]);
            end++;
            if (shape.isAbout(entity)) {
                scene.components(entity, (component, value, revision) -> {
                    if (shape.wants(component)) {
                        Change change = Change.set(entity, component, value, revision, true);
                        Item item = new Item(Item.Op.SNAPSHOT, shape.subscriptionId(), change);
                        shape.id().wire().write(bytes, items[0] == 0, item);
                        items[0]++;
                    }
                });
            }
        }
        return new Chunk(end, items[0], bytes, room);
    }

    // ---- what is kept ----

    /** Something about an entity is not as it was. */
    void changed(Entity entity) {
        if (kept.isEmpty()) {
            return;
        }
        int at = Arrays.binarySearch(entities, entity.bits());
        Map.Entry<Integer, Chunk> around = at < 0 ? null : kept.floorEntry(at);
        if (around != null && at < around.getValue().end()) {
            kept.remove(around.getKey());
            drop(around.getValue());
        }
    }

    private void drop(Chunk chunk) {
        if (keeper != null) {
            keeper.dropped(chunk.bytes().readableBytes());
        }
    }

    /** Whether anybody has read it since the last call. */
    boolean wasRead() {
        boolean was = read;
        read = false;
        return was;
    }

    /** It will not be told of changes any more: who still reads it has it encoded for himself. */
    void end() {
        kept.values().forEach(this::drop);
        kept.clear();
        keeper = null;
    }
}
