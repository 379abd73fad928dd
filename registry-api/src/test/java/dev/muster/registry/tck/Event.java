package dev.muster.registry.tck;

import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import io.vertx.core.buffer.Buffer;

/** A call of a {@link dev.muster.registry.RegistryListener}, kept. */
public sealed interface Event {

    /** A publication of a watched group, raw. */
    record Delivered(String group, Publication publication) implements Event {}

    /** A publication to every node. */
    record Broadcast(Publication publication) implements Event {}

    /** Bytes for one connection. */
    record Sent(String connectionId, Buffer payload) implements Event {}

    /** A node came. */
    record NodeUp(NodeId node) implements Event {}

    /** A node went. */
    record NodeDown(NodeId node) implements Event {}

    /** Publications may be missing. */
    record LinkReplaced() implements Event {}

    /** The backend went. */
    record Unavailable(String cause) implements Event {}

    /** The backend came back. */
    record Recovered() implements Event {}

    /** Memberships were restored in silence. */
    record MembersReset(String group) implements Event {}

    /** The node has a new identity. */
    record Incarnation(NodeId now, NodeId before) implements Event {}
}
