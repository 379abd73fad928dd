package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.ReadPolicy;
import dev.muster.node.sync.SpaceTable;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Name;
import java.util.ArrayList;
import java.util.List;

/** A space, its hub, and a time that passes when the test says so. */
final class HubFixture {

    static final long TICK = 33_000_000;

    final Sync sync = Sync.DEFAULT;
    final SpaceTable table = new SpaceTable(sync);
    final ManualLoop loop = new ManualLoop();
    final TextWire wire = new TextWire();
    final List<Request> worked = new ArrayList<>();
    final SyncHub hub;

    HubFixture() {
        this(true);
    }

    HubFixture(boolean conflates) {
        hub = new SyncHub(
                new TableScene(table, sync),
                loop,
                TICK,
                conflates,
                new SyncHub.Reading("world", ReadPolicy.ALLOW),
                new SyncHub.Work() {
                    @Override
                    public void take(SyncSession session, Request request, Runnable done) {
                        worked.add(request);
                        done.run();
                    }

                    @Override
                    public void onSpawned(EntityState entity) {}

                    @Override
                    public void onChange() {}

                    @Override
                    public void onTick() {}

                    @Override
                    public void onGone(SyncSession session) {}
                });
        table.listen(hub);
    }

    /** A client. */
    static final class Guest {
        final ListedConnection connection;
        final SyncSession session;
        private final HubFixture in;

        private Guest(HubFixture in, String id) {
            this.in = in;
            this.connection = new ListedConnection(id);
            this.session = new SyncSession(connection, in.wire, in.hub, () -> {});
            session.open();
        }

        Guest subscribe(long id, String component) {
            return subscribe(id, component, null, Filter.NONE);
        }

        Guest subscribe(long id, String component, Long entity, Filter filter) {
            session.take(new Request.Subscribe(id, component, entity == null ? null : new Entity(entity), filter));
            in.loop.run();
            return this;
        }

        Guest unsubscribe(long id) {
            session.take(new Request.Unsubscribe(id));
            in.loop.run();
            return this;
        }

        List<String> take() {
            return connection.take();
        }
    }

    Guest guest(String id) {
        Guest guest = new Guest(this, id);
        loop.run();
        return guest;
    }

    void name(long entity, String name) {
        if (table.find(new Entity(entity)) == null) {
            table.spawn(new Entity(entity));
        }
        table.set(new Entity(entity), new Name(name));
    }

    void despawn(long entity) {
        table.despawn(new Entity(entity));
    }

    /** Until the next tick is over. */
    void tick() {
        loop.pass(TICK);
    }
}
