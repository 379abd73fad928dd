package dev.muster.node.sync.session;

import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.SpaceTable;
import dev.muster.node.sync.Sync;
import java.util.ArrayList;
import java.util.List;

/** A space as the test's table has it. */
record TableScene(SpaceTable table, Sync sync) implements Scene {

    @Override
    public boolean exists(Entity entity) {
        return table.find(entity) != null;
    }

    @Override
    public void components(Entity entity, Visitor visitor) {
        EntityState state = table.find(entity);
        if (state != null) {
            state.components()
                    .forEach(component -> visitor.visit(component.name(), component.bytes(), component.revision()));
        }
    }

    private ComponentState find(Entity entity, String component) {
        EntityState state = table.find(entity);
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
    public byte[] bytes(Entity entity, String component) {
        ComponentState found = find(entity, component);
        return found == null ? null : found.bytes();
    }

    @Override
    public Record value(Entity entity, String component) {
        ComponentState found = find(entity, component);
        return found == null || found.type() == null ? null : found.type().decode(found.bytes());
    }

    @Override
    public boolean knows(String component) {
        return sync.find(component) != null;
    }

    @Override
    public long[] entities(String component) {
        List<Long> bits = new ArrayList<>();
        if (component.equals(Shape.ALL)) {
            table.forEach(entity -> bits.add(entity.entity().bits()));
        } else {
            table.forEach(component, found -> bits.add(found.entity().entity().bits()));
        }
        return bits.stream().mapToLong(Long::longValue).sorted().toArray();
    }
}
