package dev.muster.node.protocol;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Gate;
import dev.muster.node.directory.Directory;
import dev.muster.node.event.Events;
import dev.muster.node.room.Rooms;
import dev.muster.node.session.Sessions;
import dev.muster.node.sync.external.ExternalSpaces;
import dev.muster.node.sync.session.SyncClients;
import java.time.Clock;

/**
 * What a node gives its protocols.
 *
 * @param rooms to join, leave and publish
 * @param directory to find connections and send to one
 * @param tokenOptional lets in whoever gives no token, if the node's configuration allows that at all
 * @param tokenRequired lets in nobody without a token
 * @param gate takes tokens that come on an open connection
 * @param sessions for clients that acknowledge what they get
 * @param sync clients of spaces, with their entities and components
 * @param external the spaces of rooms whose members know nothing of spaces
 * @param badInput counts what clients did wrong
 * @param clock wall time, for what people read
 * @param events what the application declared
 * @param packetRoom the room of connections whose protocol has no way to name one
 */
public record ProtocolContext(
        Rooms rooms,
        Directory directory,
        Authenticator tokenOptional,
        Authenticator tokenRequired,
        Gate gate,
        Sessions sessions,
        SyncClients sync,
        ExternalSpaces external,
        BadInput badInput,
        Clock clock,
        Events events,
        String packetRoom) {

    /** Counts what clients did wrong, to be seen in the metrics. */
    @FunctionalInterface
    public interface BadInput {
        /** Counts nothing. */
        BadInput UNCOUNTED = (protocol, code) -> {};

        /**
         * @param protocol see {@link Protocol#name}
         * @param code what the client was told
         */
        void count(String protocol, ErrorCode code);
    }
}
