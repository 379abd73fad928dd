package dev.muster.node.ops;

import dev.muster.node.connection.Connection;
import dev.muster.node.room.Rooms;
import dev.muster.node.transport.TransportMetrics;
import dev.muster.registry.ConnectionRegistry;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Everything a node counts, where it is counted.
 *
 * @param state how the node is
 * @param transport sockets, messages and bytes
 * @param rooms those with members here
 * @param connections that are open here
 * @param nodes for the nodes that are up
 * @param registry its operations
 * @param badInput what clients did wrong
 * @param lag of the event loops
 * @param named what other parts of the node count
 */
public record Figures(
        NodeState state,
        TransportMetrics transport,
        Rooms rooms,
        Supplier<Collection<Connection>> connections,
        ConnectionRegistry nodes,
        RegistryFigures registry,
        BadInputFigures badInput,
        LoopLag lag,
        NamedFigures named) {}
