package dev.muster.node.ops;

import dev.muster.node.connection.Connection;
import java.util.Collection;

/**
 * What was sent to a node's clients and has not left yet.
 *
 * @param bytes of all connections
 * @param mostBytes of the connection with most
 * @param messages frames that wait for clients who do not keep up
 * @param behind connections for which frames wait
 */
record QueueDepth(long bytes, long mostBytes, long messages, int behind) {

    static final QueueDepth NOTHING = new QueueDepth(0, 0, 0, 0);

    static QueueDepth of(Collection<Connection> connections) {
        long bytes = 0;
        long most = 0;
        long messages = 0;
        int behind = 0;
        for (Connection connection : connections) {
            long pending = connection.pendingBytes();
            int waiting = connection.pendingMessages();
            bytes += pending;
            most = Math.max(most, pending);
            messages += waiting;
            behind += waiting > 0 ? 1 : 0;
        }
        return new QueueDepth(bytes, most, messages, behind);
    }
}
