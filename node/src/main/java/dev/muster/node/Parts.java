package dev.muster.node;

import dev.muster.node.directory.Directory;
import dev.muster.node.event.Events;
import dev.muster.node.ops.LoopLag;
import dev.muster.node.ops.NodeState;
import dev.muster.node.room.Rooms;
import dev.muster.node.session.Sessions;
import dev.muster.node.sync.Spaces;
import dev.muster.node.transport.HttpListener;
import dev.muster.node.transport.Listener;
import dev.muster.node.transport.OpsListener;
import dev.muster.node.transport.TcpListener;
import dev.muster.registry.ConnectionRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node is made of.
 *
 * @param vertx runs everything
 * @param ownsVertx whether it is closed with the node
 * @param registry connects it to the others
 * @param rooms who is in which
 * @param directory its connections
 * @param sessions of clients that acknowledge what they get
 * @param spaces of entities and components
 * @param state how it is
 * @param lag watches its event loops
 * @param events what the application declared
 * @param listener its port
 * @param tcp its port of raw sockets; null if it has none
 * @param packets its port of WebSockets that speak packets on any path; null if it has none
 * @param ops the port of those who run it, if there is one
 */
record Parts(
        Vertx vertx,
        boolean ownsVertx,
        ConnectionRegistry registry,
        Rooms rooms,
        Directory directory,
        Sessions sessions,
        Spaces spaces,
        NodeState state,
        LoopLag lag,
        Events events,
        HttpListener listener,
        @Nullable TcpListener tcp,
        @Nullable HttpListener packets,
        @Nullable OpsListener ops) {

    /** All its ports for clients. */
    List<Listener> listeners() {
        return Stream.<@Nullable Listener>of(listener, tcp, packets)
                .flatMap(Stream::ofNullable)
                .toList();
    }
}
