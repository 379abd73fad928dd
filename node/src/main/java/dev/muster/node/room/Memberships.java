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
    /** Complete when the registry has, or has refused, all that the connection said so far. */
    private Future<?> said = Future.succeededFuture();

    Future<Position> join(String room, Opener opener) {
        Membership present = all.get(room);
        if (present != null) {
            return present.isLeaving() ? present.leave(said).transform(left -> join(room, opener)) : present.entered();
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
        return present == null ? Future.succeededFuture(false) : present.leave(said);
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
        return present == null ? Future.succeededFuture() : present.announce(said);
    }

    Future<Void> leaveAll() {
        List<Future<Boolean>> leaving = new ArrayList<>();
        for (Membership membership : List.copyOf(all.values())) {
            leaving.add(membership.leave(said));
        }
        return Future.join(leaving).mapEmpty();
    }

    /** Rooms it is in, those it is still entering or leaving included. */
    Set<String> rooms() {
        return Set.copyOf(all.keySet());
    }

    /** It said something; nobody may hear of its leaving before that. */
    void say(Future<?> published) {
        // One at a time is the rule. Two under way may be in two rooms, where no order holds between them.
        said = said.isComplete() ? published : Future.join(said, published);
    }

    /**
     * The socket is closed.
     *
     * @return when what it said has been answered
     */
    Future<?> gone() {
        closed = true;
        List.copyOf(all.values()).forEach(Membership::gone);
        return said;
    }
}
