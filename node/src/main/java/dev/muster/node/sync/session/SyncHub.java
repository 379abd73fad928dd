package dev.muster.node.sync.session;

import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.ReadPolicy;
import dev.muster.node.sync.ReplicaListener;
import dev.muster.node.sync.Status;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All clients of one space on this node. Everything but {@link #execute} is called on the space's loop. */
final class SyncHub implements ReplicaListener {

    private static final Logger LOG = LoggerFactory.getLogger(SyncHub.class);

    /** Subscriptions of one connection. */
    static final int MAX_SUBSCRIPTIONS = 1_000;

    /** Characters in the name of a component that somebody subscribes to: no record has a longer one. */
    private static final int MAX_NAME = 255;

    private final Scene scene;
    private final SpaceLoop loop;
    private final Ticker ticker;
    private final Changes changes;
    private final Snapshots snapshots;
    private final Shapes shapes;
    private final Outgoing outgoing = new Outgoing();
    private final Teller teller;
    private final Set<SyncSession> sessions = new LinkedHashSet<>();
    private final List<Subscription> newcomers = new ArrayList<>();
    private final Reading reading;
    private final Work work;

    /** What clients may see of a space. */
    record Reading(String space, ReadPolicy policy) {

        boolean allows(SyncSession session, String component) {
            return policy.allows(session.connection().identity(), space, component);
        }
    }

    /** What is done for clients beside telling them of changes. */
    interface Work {

        /**
         * Does what a client wants.
         *
         * @param done called on any thread when it is done, however it ended
         */
        void take(SyncSession session, Request request, Runnable done);

        /** An entity came to be. */
        void onSpawned(EntityState entity);

        /** Anything changed. */
        void onChange();

        /** A tick is over. */
        void onTick();

        /** A client is gone. */
        void onGone(SyncSession session);
    }

    /**
     * @param interval between two ticks, in ns
     * @param conflates whether only the last of a tick's changes of a component is told
     * @param reading what clients may see
     */
    SyncHub(Scene scene, SpaceLoop loop, long interval, boolean conflates, Reading reading, Work work) {
        this.scene = scene;
        this.loop = loop;
        this.changes = new Changes(conflates);
        this.snapshots = new Snapshots(scene, loop);
        this.shapes = new Shapes(scene, snapshots);
        this.teller = new Teller(scene, outgoing, snapshots);
        this.ticker = new Ticker(loop, interval, this::tick, this::pay);
        this.reading = reading;
        this.work = work;
    }

    /** Does something on the space's loop. Any thread. */
    void execute(Runnable task) {
        loop.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException failure) {
                LOG.error("Something went wrong for a client of a space, the others go on", failure);
            }
        });
    }

    SpaceLoop loop() {
        return loop;
    }

    Set<SyncSession> sessions() {
        return sessions;
    }

    // ---- clients ----

    void add(SyncSession session) {
        sessions.add(session);
    }

    void remove(SyncSession session) {
        if (!sessions.remove(session)) {
            return;
        }
        List.copyOf(session.subscriptions()).forEach(this::drop);
        session.closed();
        teller.forget(session);
        work.onGone(session);
    }

    /**
     * Does what a client wants.
     *
     * @param done called on any thread when it is done, however it ended
     */
    void take(SyncSession session, Request request, Runnable done) {
        if (session.isClosed()) {
            done.run();
        } else if (request instanceof Request.Subscribe wanted) {
            subscribe(session, wanted);
            done.run();
        } else if (request instanceof Request.Unsubscribe unwanted) {
            unsubscribe(session, unwanted.subscriptionId());
            done.run();
        } else {
            work.take(session, request, done);
        }
    }

    /** Sends a frame to one client now. */
    void send(SyncSession session, ByteBuf frame) {
        outgoing.put(session, frame);
        outgoing.flush();
    }

    /** The client may be told of something now that it could not be told before. */
    void owes(SyncSession session) {
        if (!session.isClosed() && session.owesAnything()) {
            teller.owes(session);
            ticker.owing();
        }
    }

    // ---- subscriptions ----

    private void subscribe(SyncSession session, Request.Subscribe wanted) {
        long id = wanted.subscriptionId();
        if (wanted.component().length() > MAX_NAME) {
            session.send(new Answer.Refused(
                    id, Status.INVALID_PARAMS, "component must have at most " + MAX_NAME + " characters"));
            return;
        }
        if (!reading.allows(session, wanted.component())) {
            session.send(new Answer.Refused(id, Status.FORBIDDEN, "this is not allowed"));
            return;
        }
        if (session.wire().tellsUnknown() && !isKnown(wanted.component())) {
            String message = "no component is called " + wanted.component();
            session.send(new Answer.Refused(id, Status.NOT_FOUND, message));
            return;
        }
        Subscription before = session.remove(id);
        if (before == null && session.subscriptions().size() >= MAX_SUBSCRIPTIONS) {
            String message = "a connection has at most " + MAX_SUBSCRIPTIONS + " subscriptions";
            session.send(new Answer.Refused(id, Status.FORBIDDEN, message));
            return;
        }
        Shape shape =
                shapes.get(new Shape.Id(session.wire(), id, wanted.component(), wanted.entity(), wanted.filter()));
        Subscription subscription = new Subscription(session, shape);
        session.put(subscription);
        newcomers.add(subscription);
        if (before != null) {
            drop(before);
        }
        if (changes.isEmpty()) {
            admit();
        }
    }

    private boolean isKnown(String component) {
        return component.equals(Shape.ALL) || scene.knows(component);
    }

    private void unsubscribe(SyncSession session, long id) {
        Subscription subscription = session.remove(id);
        if (subscription == null) {
            session.send(
                    new Answer.Refused(id, Status.NOT_FOUND, "there is no subscription " + Long.toUnsignedString(id)));
        } else {
            drop(subscription);
        }
    }

    private void drop(Subscription subscription) {
        Shape shape = subscription.shape();
        shape.subscriptions().remove(subscription);
        newcomers.remove(subscription);
        boolean isAwaited = newcomers.stream().anyMatch(newcomer -> newcomer.shape() == shape);
        if (shape.subscriptions().isEmpty() && !isAwaited) {
            shapes.drop(shape);
        }
    }

    /** They begin between two ticks: what changed before is in their snapshots, what comes later is told. */
    private void admit() {
        for (Subscription subscription : newcomers) {
            subscription.admit();
            teller.owes(subscription.session());
        }
        if (!newcomers.isEmpty()) {
            newcomers.clear();
            ticker.owing();
        }
    }

    // ---- what happens in the space ----

    @Override
    public void onSpawned(EntityState entity) {
        work.onSpawned(entity);
    }

    @Override
    public void onSet(EntityState entity, ComponentState component, boolean isNew) {
        snapshots.changed(entity.entity(), component.name(), isNew);
        if (shapes.isWanted(entity.entity(), component.name(), isNew)) {
            changes.set(entity.entity(), component.name(), component.bytes(), component.revision(), isNew);
            ticker.changed();
        }
        work.onChange();
    }

    @Override
    public void onRemoved(EntityState entity, ComponentState component) {
        snapshots.changed(entity.entity(), component.name(), false);
        if (shapes.isWanted(entity.entity(), component.name(), false)) {
            changes.removed(entity.entity(), component.name());
            ticker.changed();
        }
        work.onChange();
    }

    @Override
    public void onDespawned(EntityState entity) {
        snapshots.gone(entity.entity());
        if (!shapes.isEmpty()) {
            List<String> had =
                    entity.components().stream().map(ComponentState::name).toList();
            changes.despawned(entity.entity(), had);
            ticker.changed();
        }
        work.onChange();
    }

    // ---- telling ----

    private void tick() {
        if (!changes.isEmpty()) {
            teller.tell(shapes.distribute(changes.take()));
        }
        admit();
        work.onTick();
        payNow();
    }

    private void pay() {
        if (changes.isEmpty()) {
            payNow();
        } // else the tick that comes does it
    }

    private void payNow() {
        boolean taken = teller.pay();
        outgoing.flush();
        if (teller.hasDebts()) {
            ticker.stillOwing(taken);
        }
    }

    /** Has the tick come although nothing changed that anybody subscribed to. */
    void wake() {
        ticker.changed();
    }
}
