package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as all have it who are told the same of it in the same bytes: what a tick brings is encoded once for
 * all of them. On the space's loop.
 */
final class Shape {

    /** Bytes of most items as JSON; larger ones make their buffer grow. */
    private static final int USUAL_ITEM = 160;

    /** Subscribes to all components. */
    static final String ALL = "*";

    /**
     * What makes subscriptions the same.
     *
     * @param entity null for all
     */
    record Id(
            SyncWire wire,
            long subscriptionId,
            String component,
            @Nullable Entity entity,
            Filter filter) {}

    /**
     * Some of a tick's changes, encoded; together they may be too much for one frame.
     *
     * @param changes how many are in it
     */
    record Chunk(int changes, ByteBuf bytes) {}

    /** Hears which entities are inside a shape's filter. */
    interface Listener {

        /** It was not, and is about to be. */
        void onEnter(Shape shape, Entity entity);

        /** It was, and is about to be no more. */
        void onLeave(Shape shape, Entity entity);
    }

    private final Id id;
    private final Scene scene;
    private final Listener listener;
    /** The components that its filter looks at. */
    private final Set<String> looksAt;

    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Set<Entity> inside;
    private List<Change> due = new ArrayList<>();
    private @Nullable List<Chunk> chunks;
    private @Nullable Snapshot snapshot;

    Shape(Id id, Scene scene, Listener listener) {
        this.id = id;
        this.scene = scene;
        this.listener = listener;
        this.looksAt = id.filter().components();
        this.inside = id.filter().isEmpty() ? Set.of() : new HashSet<>();
    }

    Id id() {
        return id;
    }

    long subscriptionId() {
        return id.subscriptionId();
    }

    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    /** Whether it is about components of that name. */
    boolean wants(String component) {
        return id.component().equals(ALL) || id.component().equals(component);
    }

    /** Whether a change of components of that name can matter to it. */
    boolean concerns(String component) {
        return wants(component) || looksAt.contains(component);
    }

    /** Whether its subscribers have, or are about to be told of, an entity that exists. */
    boolean isAbout(Entity entity) {
        Entity only = id.entity();
        return (only == null || only.equals(entity)) && (id.filter().isEmpty() || inside.contains(entity));
    }

    /** What whoever comes now may read together with those who came just before; null if there is none. */
    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    void snapshot(@Nullable Snapshot shared) {
        snapshot = shared;
    }

    // ---- filters ----

    /** Which entities are inside its filter, by ascending bits; without one all that it is about. */
    long[] entities() {
        Entity only = id.entity();
        if (only != null) {
            return scene.exists(only) && (id.filter().isEmpty() || inside.contains(only))
                    ? new long[] {only.bits()}
                    : new long[0];
        }
        if (id.filter().isEmpty()) {
            return scene.entities(id.component());
        }
        return inside.stream().mapToLong(Entity::bits).sorted().toArray();
    }

    /** Looks at everything, when the first comes that has this filter. */
    void fill() {
        if (id.filter().isEmpty()) {
            return;
        }
        for (long bits : scene.entities(id.component())) {
            Entity entity = new Entity(bits);
            if (accepts(entity)) {
                inside.add(entity);
            }
        }
    }

    private boolean accepts(Entity entity) {
        Entity only = id.entity();
        boolean hasIt = id.component().equals(ALL) ? scene.exists(entity) : scene.has(entity, id.component());
        return (only == null || only.equals(entity)) && hasIt && id.filter().accepts(scene, entity);
    }

    /**
     * Takes what happened to an entity in this tick, where a filter says who is told of it: what comes in is told as a
     * whole, and what goes out is gone.
     *
     * @param happened in order; of components that somebody may not want
     */
    void take(Entity entity, List<Change> happened) {
        boolean was = inside.contains(entity);
        boolean is = accepts(entity);
        if (is && !was) {
            listener.onEnter(this, entity);
            inside.add(entity);
            scene.components(entity, (component, bytes, revision) -> {
                if (wants(component)) {
                    due.add(Change.set(entity, component, bytes, revision, true));
                }
            });
        } else if (was) {
            Change last = happened.get(happened.size() - 1);
            boolean isGone = last.kind() == Change.Kind.ENTITY_REMOVED;
            if (is) {
                happened.forEach(this::addIfWanted);
            } else {
                listener.onLeave(this, entity);
                inside.remove(entity);
                if (isGone) {
                    due.add(withLost(last, happened));
                } else {
                    leave(entity, happened);
                }
            }
        }
    }

    private void addIfWanted(Change change) {
        if (wants(change.component())) {
            due.add(change);
        }
    }

    /** The entity is there, but not for these subscribers. */
    private void leave(Entity entity, List<Change> happened) {
        List<String> had = new ArrayList<>();
        scene.components(entity, (component, bytes, revision) -> had.add(component));
        // Taken away and put back in one tick it is not lost, and has gone out with its entity.
        boolean isLost = !id.component().equals(ALL) && !had.contains(id.component());
        if (isLost) {
            happened.forEach(this::addIfWanted);
            return;
        }
        due.add(withLost(Change.despawned(entity, had, List.of()), happened));
    }

    /** What an entity that goes lost in the same tick counts too: who lags behind was not told of that. */
    private Change withLost(Change gone, List<Change> happened) {
        List<String> had = new ArrayList<>(gone.components());
        for (Change change : happened) {
            if (change.kind() == Change.Kind.COMPONENT_REMOVED
                    && wants(change.component())
                    && !had.contains(change.component())) {
                had.add(change.component());
            }
        }
        return had.size() == gone.components().size() ? gone : gone.with(had);
    }

    /** The entities that are inside its filter; none if it has no filter. */
    Set<Entity> inside() {
        return inside;
    }

    boolean isFiltered() {
        return !id.filter().isEmpty();
    }

    // ---- a tick ----

    /** Has its subscribers told at the end of this tick. */
    void add(Change change) {
        due.add(change);
    }

    boolean isDue() {
        return !due.isEmpty();
    }

    /** What this tick brings, in order. */
    List<Change> due() {
        return due;
    }

    /** The same, encoded when the first asks. */
    List<Chunk> chunks() {
        List<Chunk> made = chunks;
        if (made == null) {
            made = encode();
            chunks = made;
        }
        return made;
    }

    private List<Chunk> encode() {
        List<Chunk> made = new ArrayList<>(1);
        SyncWire wire = id.wire();
        int from = 0;
        ByteBuf bytes = bufferFor(due.size());
        for (int i = 0; i < due.size(); i++) {
            wire.write(bytes, i == from, Item.of(id.subscriptionId(), due.get(i)));
            if (bytes.readableBytes() >= Page.FULL_BYTES || i == due.size() - 1) {
                made.add(new Chunk(i + 1 - from, bytes));
                from = i + 1;
                // Not for nothing behind the last: of a hundred shapes that would be most of what a tick allocates.
                bytes = from < due.size() ? bufferFor(due.size() - from) : Unpooled.EMPTY_BUFFER;
            }
        }
        return made;
    }

    private static ByteBuf bufferFor(int items) {
        return Unpooled.buffer(USUAL_ITEM * Math.min(items, Page.FULL_BYTES / USUAL_ITEM));
    }

    /** The tick is over. */
    void clear() {
        due = new ArrayList<>();
        chunks = null;
    }
}
