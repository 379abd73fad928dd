package dev.muster.node.protocol;

import dev.muster.node.connection.Connection;
import dev.muster.node.room.Member;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.session.Ask;
import dev.muster.node.session.Hello;
import dev.muster.node.session.History;
import dev.muster.node.session.Recall;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A client of a protocol whose connections are in one room, as it comes in: it is greeted, and given what it asked for of
 * the room's history. Without acknowledgements it is the member; with them its session is, and this one only greets. On the
 * connection's loop.
 */
public abstract class Entrant implements Member {

    private final Connection connection;
    private final History history;
    private final Ask ask;
    private @Nullable Recall recall;

    protected Entrant(ProtocolContext context, Connection connection) {
        this.connection = connection;
        this.history = context.sessions().history();
        this.ask = Ask.of(connection.handshake());
    }

    /**
     * Sends the first frames.
     *
     * @param hello what else the client is to be told; null if it asked for nothing
     */
    protected abstract void greet(String room, @Nullable Hello hello);

    /** What the client asked for. */
    final Ask ask() {
        return ask;
    }

    @Override
    public final Connection connection() {
        return connection;
    }

    @Override
    public final @Nullable Future<Void> prepare(String room, Position at) {
        if (!ask.wantsHistory()) {
            return null;
        }
        return history.read(room, ask, at).onSuccess(this::recalled).mapEmpty();
    }

    /** Before the room goes on: what it does then comes after this. */
    private void recalled(Recall read) {
        recall = read;
    }

    @Override
    public final void welcome(String room, Position at) {
        Recall read = recall;
        if (read == null) {
            greet(room, null);
            return;
        }
        recall = null;
        greet(room, new Hello(null, 0, read.miss() == null, read.miss(), at));
        for (RoomEvent event : read.events()) {
            ByteBuf frame = encoder().encode(event, connection.framing());
            if (frame != null) {
                connection.offer(frame);
            }
        }
    }
}
