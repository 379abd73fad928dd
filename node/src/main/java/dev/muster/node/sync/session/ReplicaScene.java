package dev.muster.node.sync.session;

import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A space as this node's replica has it. */
final class ReplicaScene implements Scene {

    private static final int FIRST_SIZE = 64;

    /** Entities in a list that grows. */
    private static final class Bits {
        private long[] all = new long[FIRST_SIZE];
        private int count;

        void add(Entity entity) {
            if (count == all.length) {
                all = Arrays.copyOf(all, 2 * count);
            }
            all[count] = entity.bits();
            count++;
        }

        long[] sorted() {
            long[] exact = Arrays.copyOf(all, count);
            Arrays.sort(exact);
            return exact;
        }
    }

    private final Replica replica;
    private final Sync sync;

    ReplicaScene(Replica replica, Sync sync) {
        this.replica = replica;
        this.sync = sync;
    }

    @Override
    public boolean exists(Entity entity) {
        return replica.find(entity) != null;
    }

    @Override
    public void components(Entity entity, Visitor visitor) {
        EntityState state = replica.find(entity);
        if (state != null) {
            for (ComponentState component : state.components()) {
                visitor.visit(component.name(), component.bytes(), component.revision());
            }
        }
    }

    private @Nullable ComponentState find(Entity entity, String component) {
        EntityState state = replica.find(entity);
        return state == null ? null : state.component(component);
    }

    @Override
    public void component(Entity entity, String component, Visitor visitor) {
        ComponentState found = find(entity, component);
        if (found != null) {
            visitor.visit(component, found.bytes(), found.revision());
        }
    }

    @Override
    public boolean has(Entity entity, String component) {
        return find(entity, component) != null;
    }

    @Override
    public byte @Nullable [] bytes(Entity entity, String component) {
        ComponentState found = find(entity, component);
        return found == null ? null : found.bytes();
    }

    @Override
    public @Nullable Record value(Entity entity, String component) {
        ComponentState found = find(entity, component);
        if (found == null) {
            return null;
        }
        ComponentType<?> type = found.type();
        try {
            return type == null ? null : type.decode(found.bytes());
        } catch (SyncException otherBytes) {
            // Of a program that has another record of that name.
            return null;
        }
    }

    @Override
    public boolean knows(String component) {
        boolean[] any = {sync.find(component) != null};
        if (!any[0]) {
            replica.forEach(component, found -> any[0] = true);
        }
        return any[0];
    }

    @Override
    public long[] entities(String component) {
        Bits bits = new Bits();
        if (component.equals(Shape.ALL)) {
            replica.forEach(entity -> bits.add(entity.entity()));
        } else {
            replica.forEach(component, found -> bits.add(found.entity().entity()));
        }
        return bits.sorted();
    }
}
