package dev.muster.node.protocol;

import dev.muster.node.connection.Route;
import dev.muster.node.connection.StreamRoute;
import java.util.List;
import java.util.Optional;

/**
 * Something clients speak. Found by {@link java.util.ServiceLoader}; a node serves all it finds, its own and others'.
 * Handlers are made for each node, so an implementation keeps nothing of a node in static state.
 */
public interface Protocol {

    /** A short name in lower case, for metrics and logs. */
    String name();

    /** How it serves raw sockets; empty if it does not. The first protocol that does gets the node's TCP port. */
    default Optional<StreamRoute> stream(ProtocolContext context) {
        return Optional.empty();
    }

    /** Which paths it serves on a node, and how. Called once for each node, before it accepts connections. */
    List<Route> routes(ProtocolContext context);
}
