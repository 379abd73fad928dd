package dev.muster.registry;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows of one connection. At most {@link Limits#MAX_RECORD_BYTES} when encoded.
 *
 * @param connectionId unique in the cluster over nodes, transports and restarts
 * @param node who holds the socket
 * @param transport the wire it came over, in lower case: {@code websocket}, {@code tcp}
 * @param user the authenticated or claimed user, if any
 * @param clientId the client's own id, if it gave one
 * @param displayName what other people see
 * @param connectedAt when the socket was accepted, to the millisecond
 */
public record ConnectionRecord(
        String connectionId,
        NodeId node,
        String transport,
        @Nullable String user,
        @Nullable String clientId,
        String displayName,
        Instant connectedAt) {

    public ConnectionRecord {
        Limits.connectionId(connectionId);
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(displayName, "displayName");
        connectedAt = Instant.ofEpochMilli(connectedAt.toEpochMilli());
    }

    /** The same connection, held by {@code node}: its owner's next incarnation. */
    public ConnectionRecord heldBy(NodeId node) {
        return new ConnectionRecord(connectionId, node, transport, user, clientId, displayName, connectedAt);
    }
}
