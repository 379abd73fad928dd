package dev.muster.node.room;

import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rooms of one connection. On its loop. */
final class Memberships {

    /** Rooms one connection may be in at a time. */
    static final int MAX_ROOMS = 128;

    /** Starts a membership; {@code onOver} is to be called when it has ended. */
    @FunctionalInterface
    interface Opener {
        Membership open(String room, Runnable onOver);
    }

    private final Map<String, Membership> all = new HashMap<>(4);
    private boolean closed;

    Future<Position> join(String room, Opener opener) {
        Membership present = all.get(room);
        if (present != null) {
            return present.isLeaving() ? present.leave().transform(left -> join(room, opener)) : present.entered();
        }
        if (closed) {
            return Future.failedFuture(
                    new RegistryException(RegistryException.Reason.UNKNOWN_CONNECTION, "the connection is closed"));
        }
        if (all.size() >= MAX_ROOMS) {
            return Future.failedFuture(new RegistryException(
                    RegistryException.Reason.REJECTED, "a connection may be in at most " + MAX_ROOMS + " rooms"));
        }
        Membership opened = opener.open(room, () -> all.remove(room));
        all.put(room, opened);
        opened.enter();
        return opened.entered();
    }

    Future<Boolean> leave(String room) {
        Membership present = all.get(room);
        return present == null ? Future.succeededFuture(false) : present.leave();
    }

    /** Gives the frames of a membership another format. */
    boolean reformat(String room, Format format) {
        Membership present = all.get(room);
        if (present != null) {
            present.reformat(format);
        }
        return present != null;
    }

    /** Has a member come in again under its present record. */
    Future<Void> announce(String room) {
        Membership present = all.get(room);
        return present == null ? Future.succeededFuture() : present.announce();
    }

    Future<Void> leaveAll() {
        List<Future<Boolean>> leaving = new ArrayList<>();
        for (Membership membership : List.copyOf(all.values())) {
            leaving.add(membership.leave());
        }
        return Future.join(leaving).mapEmpty();
    }

    /** Rooms it is in, those it is still entering or leaving included. */
    Set<String> rooms() {
        return Set.copyOf(all.keySet());
    }

    /** It said something in a room; nobody there may hear of its leaving before that. */
    void say(String room, Future<?> published) {
        Membership present = all.get(room);
        if (present != null) {
            present.say(published);
        }
    }

    /**
     * The socket is closed.
     *
     * @return when what it said has been answered
     */
    Future<?> gone() {
        closed = true;
        List<Future<?>> said = new ArrayList<>();
        for (Membership membership : List.copyOf(all.values())) {
            said.add(membership.said());
            membership.gone();
        }
        return Future.join(said);
    }
}
