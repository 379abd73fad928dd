package dev.muster.node.sync.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Position;
import dev.muster.node.sync.component.Tags;
import dev.muster.node.sync.session.HubFixture.Guest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever happens in a space, and however slow its clients are: in the end each has what there is. */
class ConvergenceTest {

    /** So that there are some pages of names. */
    private static final String LONG = "x".repeat(190);

    private static final long[] PACES = {0, SyncSession.BUDGET - 1, SyncSession.BUDGET};

    private static final String[] COMPONENTS = {"*", "Name", "Owner", "Position", "Tags"};
    private static final List<Filter> FILTERS = List.of(
            Filter.NONE,
            Filter.NONE,
            new Filter(List.of(Filters.owner("u1"))),
            new Filter(List.of(Filters.tag("t1"))),
            new Filter(List.of(Filters.ball(Sync.DEFAULT.place(), new Sync.Point(0, 0, 0), 3))),
            new Filter(List.of(
                    Filters.tag("t0"),
                    Filters.box(Sync.DEFAULT.place(), new Sync.Point(1, 0, 0), new Sync.Point(3, 0, 0)))),
            new Filter(List.of(Filters.ball(Sync.DEFAULT.place(), new Sync.Point(0, 0, 0), 3), Filters.owner("u0"))));

    /** A client, what it subscribed to, and what it has. */
    private static final class Watcher {
        final Guest guest;
        final Copy copy = new Copy();
        final Map<Long, Shape.Id> wants = new TreeMap<>();

        Watcher(Guest guest) {
            this.guest = guest;
        }

        void read() {
            copy.take(guest.take());
        }
    }

    private final class World {
        final HubFixture space;
        final Random random;
        /** Whether many want the same, and so much that it comes in pages. */
        final boolean crowded;

        final List<Watcher> watchers = new ArrayList<>();
        long next = 1;

        World(boolean conflates, boolean crowded, long seed) {
            space = new HubFixture(conflates);
            random = new Random(seed);
            this.crowded = crowded;
            for (int i = 0; crowded && i < 500; i++) {
                space.name(next++, LONG + i);
            }
            for (int i = 0; i < 4; i++) {
                watchers.add(new Watcher(space.guest("w" + i)));
            }
        }

        void step() {
            // What is new ends the sharing of snapshots.
            switch (random.nextInt(crowded && random.nextInt(10) > 0 ? 2 : 0, 12)) {
                case 0, 1 -> spawn();
                case 2, 3, 4, 5 -> change(new Entity(1 + random.nextLong(next)));
                case 6 -> space.table.remove(new Entity(1 + random.nextLong(next)), COMPONENTS[1 + random.nextInt(4)]);
                case 7 -> space.despawn(1 + random.nextLong(next));
                case 8 -> subscribe(watchers.get(random.nextInt(watchers.size())));
                case 9 -> unsubscribe(watchers.get(random.nextInt(watchers.size())));
                case 10 -> pace(watchers.get(random.nextInt(watchers.size())));
                default -> space.loop.pass(random.nextLong(2 * HubFixture.TICK));
            }
        }

        void spawn() {
            Entity entity = new Entity(next++);
            space.table.spawn(entity);
            for (int i = random.nextInt(3); i > 0; i--) {
                change(entity);
            }
        }

        void change(Entity entity) {
            if (space.table.find(entity) != null) {
                space.table.set(
                        entity,
                        switch (random.nextInt(4)) {
                            case 0 -> new Name((crowded ? LONG : "n") + random.nextInt(1_000));
                            case 2 -> new Tags(List.of("t" + random.nextInt(2)));
                            case 1 -> new Owner("u" + random.nextInt(3));
                            default -> new Position(random.nextInt(5), 0, 0);
                        });
            }
        }

        void subscribe(Watcher watcher) {
            long id = crowded ? 1 : random.nextLong(4);
            String component = COMPONENTS[random.nextInt(crowded ? 2 : COMPONENTS.length)];
            Long entity = !crowded && random.nextInt(3) == 0 ? 1 + random.nextLong(next) : null;
            Filter filter = FILTERS.get(random.nextInt(FILTERS.size()));
            watcher.read();
            watcher.copy.subscribed(id);
            watcher.wants.put(
                    id, new Shape.Id(space.wire, id, component, entity == null ? null : new Entity(entity), filter));
            watcher.guest.subscribe(id, component, entity, filter);
        }

        void unsubscribe(Watcher watcher) {
            if (!watcher.wants.isEmpty()) {
                long id = watcher.wants.keySet().iterator().next();
                watcher.wants.remove(id);
                watcher.guest.unsubscribe(id);
                watcher.read();
                watcher.copy.unsubscribed(id);
            }
        }

        void pace(Watcher watcher) {
            // At its ease, a page at a time, or not at all.
            watcher.guest.connection.pending = PACES[random.nextInt(PACES.length)];
        }

        Map<String, String> expected(Shape.Id wanted) {
            Map<String, String> values = new TreeMap<>();
            TableScene scene = new TableScene(space.table, space.sync);
            space.table.forEach(entity -> {
                boolean isMeant = wanted.entity() == null || wanted.entity().equals(entity.entity());
                if (isMeant && wanted.filter().accepts(scene, entity.entity())) {
                    entity.components().forEach(component -> {
                        if (wanted.component().equals("*") || wanted.component().equals(component.name())) {
                            values.put(
                                    entity.entity() + " " + component.name(),
                                    value(component.name(), component.bytes()));
                        }
                    });
                }
            });
            return values;
        }

        private static String value(String name, byte[] bytes) {
            return name.equals("Name")
                    ? ((Name) Sync.DEFAULT.find("Name").decode(bytes)).name()
                    : io.netty.buffer.ByteBufUtil.hexDump(bytes);
        }
    }

    @Property(tries = 1000)
    void every_copy_becomes_the_space(@ForAll boolean conflates, @ForAll long seed) {
        converges(new World(conflates, false, seed));
    }

    @Property(tries = 60)
    void every_copy_becomes_the_space_also_if_snapshots_are_shared(@ForAll boolean conflates, @ForAll long seed) {
        converges(new World(conflates, true, seed));
    }

    private static void converges(World world) {
        for (int i = 0; i < 300; i++) {
            world.step();
        }
        world.watchers.forEach(watcher -> watcher.guest.connection.pending = 0);
        world.space.loop.settle();
        for (Watcher watcher : world.watchers) {
            watcher.read();
            assertThat(watcher.copy.values.keySet()).isEqualTo(watcher.wants.keySet());
            watcher.wants.forEach((id, wanted) -> assertThat(watcher.copy.values.get(id))
                    .as("subscription %d to %s", id, wanted)
                    .isEqualTo(world.expected(wanted)));
        }
    }

    /** Who keeps up is told of each end once, for each subscription that covered the entity. */
    @Property(tries = 200)
    void each_end_is_told_once(@ForAll long seed) {
        Random random = new Random(seed);
        HubFixture space = new HubFixture(random.nextBoolean());
        Watcher watcher = new Watcher(space.guest("w"));
        for (long id = 1; id <= 2; id++) {
            watcher.copy.subscribed(id);
            watcher.guest.subscribe(id, id == 1 ? "*" : "Name");
        }
        int named = 0;
        int all = 1 + random.nextInt(30);
        for (long entity = 1; entity <= all; entity++) {
            if (random.nextBoolean()) {
                space.name(entity, "n");
                named++;
            } else {
                space.table.spawn(new Entity(entity));
            }
        }
        for (long entity = 1; entity <= all; entity++) {
            if (random.nextInt(5) == 0) {
                space.tick();
            }
            space.despawn(entity);
        }
        space.loop.settle();
        watcher.read();
        assertThat(watcher.copy.removed()).isEqualTo(all + named);
        assertThat(watcher.copy.values.values())
                .allSatisfy(values -> assertThat(values).isEmpty());
    }
}
