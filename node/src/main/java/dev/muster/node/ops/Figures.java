package dev.muster.node.ops;

import dev.muster.node.transport.TransportMetrics;
import dev.muster.registry.ConnectionRegistry;
import java.util.function.IntSupplier;

/**
 * Everything a node counts, where it is counted.
 *
 * @param state how the node is
 * @param transport sockets, messages and bytes
 * @param rooms how many rooms have members here
 * @param nodes for the nodes that are up
 * @param registry its operations
 * @param badInput what clients did wrong
 * @param lag of the event loops
 */
public record Figures(
        NodeState state,
        TransportMetrics transport,
        IntSupplier rooms,
        ConnectionRegistry nodes,
        RegistryFigures registry,
        BadInputFigures badInput,
        LoopLag lag) {}
