package dev.muster.node.demo;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.SpaceBatch;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.node.sync.component.ExternalId;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;
import dev.muster.node.sync.component.Position;
import dev.muster.node.sync.component.Tags;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few hundred animals that wander about in a space, and the nodes that it can be seen from. One node moves them; what
 * somebody has taken hold of it leaves alone, and what somebody has put elsewhere goes on from there. While nobody looks,
 * nothing moves, so that an idle machine stays idle. On one context.
 */
public final class DemoWorld {

    private static final Logger LOG = LoggerFactory.getLogger(DemoWorld.class);

    /** In words of which no two look alike on {@code /world}. */
    private static final List<String> KINDS = List.of("fox", "finch", "crane", "hare", "seal", "otter", "lynx", "crab");

    private static final int OF_EACH = 32;

    /** So often some of them move, each of them every {@link #TURNS}th time. */
    private static final long STEP_MS = 100;

    private static final int TURNS = 3;

    private static final double SLOWEST = 15;
    private static final double FASTEST = 60;
    private static final long SEED = 4;

    private static final class Animal {

        private final Entity entity;
        private final Stroll stroll;
        private boolean held;

        Animal(Entity entity, Stroll stroll) {
            this.entity = entity;
            this.stroll = stroll;
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final Space space;
    private final BooleanSupplier watched;
    private final Random random = new Random(SEED);
    private final Map<Entity, Animal> animals = new LinkedHashMap<>();
    private int turn;
    private boolean moving;
    private long timer = -1;

    private DemoWorld(Vertx vertx, Space space, BooleanSupplier watched) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.space = space;
        this.watched = watched;
    }

    /**
     * Fills a space and begins to move what is in it.
     *
     * @param nodes the addresses that pages can look from, by name; {@code http://host:port}
     * @param watched whether anybody may be looking
     */
    public static Future<DemoWorld> start(
            Vertx vertx, Space space, Map<String, String> nodes, BooleanSupplier watched) {
        DemoWorld world = new DemoWorld(vertx, space, watched);
        return world.fill(nodes).compose(filled -> world.listen()).map(listening -> world.begin());
    }

    private Future<Void> fill(Map<String, String> nodes) {
        SpaceBatch groups = space.batch().spawn(new Name("Nodes"));
        KINDS.forEach(kind -> groups.spawn(new Name(plural(kind)), new Tags(List.of("group"))));
        return groups.run().compose(made -> {
            SpaceBatch all = space.batch();
            nodes.forEach((name, address) -> all.spawn(
                    new Name(name), new Parent(made.get(0)), new Tags(List.of("node")), new ExternalId(address)));
            List<Stroll> strolls = new ArrayList<>();
            for (int i = 0; i < KINDS.size(); i++) {
                spawn(all, KINDS.get(i), made.get(i + 1), strolls);
            }
            return all.run().map(entities -> {
                keep(entities.subList(nodes.size(), entities.size()), strolls);
                return null;
            });
        });
    }

    private void spawn(SpaceBatch all, String kind, Entity group, List<Stroll> strolls) {
        for (int i = 1; i <= OF_EACH; i++) {
            Stroll stroll = new Stroll(random, SLOWEST + random.nextDouble() * (FASTEST - SLOWEST));
            strolls.add(stroll);
            all.spawn(new Name(capital(kind) + " " + i), new Parent(group), new Tags(List.of(kind)), stroll.place());
        }
    }

    private void keep(List<Entity> entities, List<Stroll> strolls) {
        context.runOnContext(now -> {
            for (int i = 0; i < strolls.size(); i++) {
                animals.put(entities.get(i), new Animal(entities.get(i), strolls.get(i)));
            }
        });
    }

    private Future<?> listen() {
        return space.watch(EntityControl.class, new Listener<>(this::held, entity -> hold(entity, false)))
                .compose(watching -> space.watch(Position.class, new Listener<>(this::placed, this::gone)));
    }

    private void held(Entity entity, EntityControl control) {
        hold(entity, true);
    }

    private void hold(Entity entity, boolean held) {
        context.runOnContext(now -> {
            Animal animal = animals.get(entity);
            if (animal != null) {
                animal.held = held;
            }
        });
    }

    /** Its own doing comes back too; only what is held is moved by others. */
    private void placed(Entity entity, Position place) {
        context.runOnContext(now -> {
            Animal animal = animals.get(entity);
            if (animal != null && animal.held) {
                animal.stroll.putTo(place);
            }
        });
    }

    private void gone(Entity entity) {
        context.runOnContext(now -> animals.remove(entity));
    }

    private DemoWorld begin() {
        context.runOnContext(now -> timer = vertx.setPeriodic(STEP_MS, each -> step()));
        return this;
    }

    /** Nobody is moved any more; what is there stays. */
    public void stop() {
        context.runOnContext(now -> vertx.cancelTimer(timer));
    }

    private void step() {
        if (moving || !watched.getAsBoolean()) {
            return;
        }
        SpaceBatch batch = space.batch();
        int at = 0;
        for (Animal animal : animals.values()) {
            if (!animal.held && at++ % TURNS == turn) {
                batch.set(animal.entity, animal.stroll.walk(STEP_MS * TURNS / 1000.0));
            }
        }
        turn = (turn + 1) % TURNS;
        moving = true;
        batch.run()
                .onComplete(done -> context.runOnContext(now -> {
                    moving = false;
                    if (done.failed()) {
                        // One of them may have been despawned just now: the next step knows.
                        LOG.debug("Not all animals could be moved", done.cause());
                    }
                }));
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String plural(String kind) {
        String end = kind.matches(".*([xs]|ch)") ? "es" : "s";
        return capital(kind) + (kind.equals("lynx") ? "" : end);
    }
}
