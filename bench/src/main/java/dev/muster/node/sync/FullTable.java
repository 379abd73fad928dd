package dev.muster.node.sync;

import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Position;
import io.vertx.core.buffer.Buffer;

/** A replica's table with entities of two components, and the entries that change it. */
final class FullTable {

    private static final String EPOCH = "epoch-of-a-benchmark";
    private static final ComponentType<Position> POSITION = ComponentType.of(Position.class);
    private static final ComponentType<Name> NAME = ComponentType.of(Name.class);

    final ReplicaTable table = new ReplicaTable(Sync.DEFAULT.types(), new Listeners());
    private final int entities;
    private final long prefix = 0x123456789AL << 24;
    private final Buffer[] places = new Buffer[64];
    private long revision;

    FullTable(int entities) {
        this.entities = entities;
        for (int i = 0; i < places.length; i++) {
            places[i] = Buffer.buffer(POSITION.encode(new Position(i, -i, 0)));
        }
    }

    /** All entities, each with a position of 12 bytes and a name of some 10. */
    void fill() {
        for (int i = 0; i < entities; i++) {
            table.put(SpaceKeys.entity(prefix + i), Buffer.buffer(), EPOCH, ++revision);
            table.put(
                    SpaceKeys.component(prefix + i, "Name"),
                    Buffer.buffer(NAME.encode(new Name("entity " + i))),
                    EPOCH,
                    ++revision);
            table.put(key(i), places[i % places.length], EPOCH, ++revision);
        }
    }

    String key(int entity) {
        return SpaceKeys.component(prefix + entity, "Position");
    }

    /** One position is another one now. */
    void move(String key, int step) {
        table.put(key, places[step & places.length - 1], EPOCH, ++revision);
    }
}
