package dev.muster.node.sync.external;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Wildcard;
import dev.muster.node.sync.MutationPolicy;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.ReplicaUse;
import dev.muster.node.sync.Spaces;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.Watch;
import dev.muster.node.sync.session.Rights;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The spaces of a node for those who are in a room that has one. Any thread. */
public final class ExternalSpaces {

    /** A space that somebody uses. */
    private static final class Held {
        final Promise<Opened> opened = Promise.promise();
        int users;
    }

    private record Opened(ExternalSpace space, ReplicaUse use, Watch listening) {

        void close() {
            use.replica().execute(() -> {
                listening.end();
                use.end();
            });
        }
    }

    private final Spaces spaces;
    private final MutationPolicy mutations;
    private final Map<String, String> rooms;
    private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();

    /**
     * @param everybody whether the node lets everybody in, as in development
     * @param rooms spaces by room pattern, in which {@code *} stands for any characters; the first that fits counts
     */
    public ExternalSpaces(Spaces spaces, boolean everybody, Map<String, String> rooms) {
        this.spaces = spaces;
        this.mutations = spaces.sync().mutations(everybody);
        this.rooms = Collections.unmodifiableMap(new LinkedHashMap<>(rooms));
    }

    /** The space of a room; null if it has none. */
    public @Nullable String spaceOf(String room) {
        for (Map.Entry<String, String> entry : rooms.entrySet()) {
            if (Wildcard.matches(entry.getKey(), 0, room)) {
                return entry.getValue();
            }
        }
        return null;
    }

    /**
     * Lets a connection work in a space until it {@linkplain ExternalClient#end ends} that.
     *
     * @return completes on the connection's loop; fails with a {@link SyncException}
     */
    public Future<ExternalClient> open(Connection connection, String space) {
        // Told here, within the change of the entry: of two who come at once exactly one has made it.
        boolean[] made = new boolean[1];
        Held mine = held.compute(space, (name, present) -> {
            made[0] = present == null;
            Held used = present == null ? new Held() : present;
            used.users++;
            return used;
        });
        if (made[0]) {
            make(space, mine);
        }
        Promise<ExternalClient> promise = Promise.promise();
        mine.opened
                .future()
                .onComplete(opened -> connection.loop().execute(() -> {
                    if (opened.succeeded()) {
                        promise.complete(
                                new ExternalClient(connection, opened.result().space(), () -> release(space, mine)));
                    } else {
                        promise.fail(SyncException.of(opened.cause()));
                    }
                }));
        return promise.future();
    }

    private void make(String space, Held mine) {
        spaces.open(space)
                .onSuccess(use -> use.replica().execute(() -> mine.opened.complete(opened(space, use))))
                .onFailure(failure -> {
                    held.remove(space, mine);
                    mine.opened.fail(failure);
                });
    }

    private Opened opened(String space, ReplicaUse use) {
        Replica replica = use.replica();
        ExternalIds ids = new ExternalIds(replica);
        ids.begin();
        Watch listening = replica.listen(ids);
        Rights rights = new Rights(space, mutations);
        return new Opened(new ExternalSpace(spaces.space(space), replica, spaces.sync(), rights, ids), use, listening);
    }

    private void release(String space, Held mine) {
        boolean[] last = new boolean[1];
        held.computeIfPresent(space, (name, present) -> {
            if (present != mine) {
                return present;
            }
            present.users--;
            last[0] = present.users == 0;
            return last[0] ? null : present;
        });
        if (last[0]) {
            mine.opened.future().onSuccess(Opened::close);
        }
    }
}
