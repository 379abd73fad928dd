package dev.muster.node;

import dev.muster.node.directory.Directory;
import dev.muster.node.ops.LoopLag;
import dev.muster.node.ops.NodeState;
import dev.muster.node.room.Rooms;
import dev.muster.node.transport.HttpListener;
import dev.muster.registry.ConnectionRegistry;
import io.vertx.core.Vertx;

/**
 * What a node is made of.
 *
 * @param vertx runs everything
 * @param ownsVertx whether it is closed with the node
 * @param registry connects it to the others
 * @param rooms who is in which
 * @param directory its connections
 * @param state how it is
 * @param lag watches its event loops
 * @param listener its port
 */
record Parts(
        Vertx vertx,
        boolean ownsVertx,
        ConnectionRegistry registry,
        Rooms rooms,
        Directory directory,
        NodeState state,
        LoopLag lag,
        HttpListener listener) {}
