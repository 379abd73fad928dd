package dev.muster.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever becomes of parents and children: those that are found are those that name that parent. */
class ChildrenTest {

    private static final int ENTITIES = 8;

    private final SpaceTable table = new SpaceTable(Sync.DEFAULT);

    @Property(tries = 300)
    void children_are_those_that_name_the_parent(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            step(random, new Entity(random.nextInt(ENTITIES)), new Entity(random.nextInt(ENTITIES)));
            for (int parent = 0; parent < ENTITIES; parent++) {
                Entity each = new Entity(parent);
                assertThat(table.children(each)).as("children of %s", each).isEqualTo(scanned(each));
            }
        }
    }

    private void step(Random random, Entity entity, Entity other) {
        switch (random.nextInt(8)) {
            case 0, 1 -> table.spawn(entity);
            // Also of one that does not exist: an orphan until it does.
            case 2, 3, 4 -> table.set(entity, new Parent(other));
            case 5 -> table.setForeign(entity, "Parent", new byte[] {(byte) 0xfd});
            case 6 -> table.remove(entity, "Parent");
            default -> {
                table.set(entity, new Name("n"));
                table.despawn(entity);
            }
        }
    }

    private Set<Entity> scanned(Entity parent) {
        Set<Entity> children = new TreeSet<>();
        table.forEach(entity -> {
            if (parent.equals(Family.parentOf(entity))) {
                children.add(entity.entity());
            }
        });
        return children;
    }
}
