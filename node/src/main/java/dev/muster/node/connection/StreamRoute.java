package dev.muster.node.connection;

/**
 * How raw sockets are served.
 *
 * @param route whose handler gets the connections; for a port of WebSockets that speak the same on any path, its
 *     pattern does not matter
 * @param framing how payloads become bytes of the stream
 * @param entrance lets clients in
 */
public record StreamRoute(Route route, Framing framing, Entrance entrance) {}
