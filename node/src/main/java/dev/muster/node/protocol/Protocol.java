package dev.muster.node.protocol;

import dev.muster.node.connection.Route;
import java.util.List;

/**
 * Something clients speak. Found by {@link java.util.ServiceLoader}; a node serves all it finds, its own and others'.
 * Handlers are made for each node, so an implementation keeps nothing of a node in static state.
 */
public interface Protocol {

    /** A short name in lower case, for metrics and logs. */
    String name();

    /** Which paths it serves on a node, and how. Called once for each node, before it accepts connections. */
    List<Route> routes(ProtocolContext context);
}
