package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Connection;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.room.Sender;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PlayerSnapshot;
import dev.muster.node.schema.RelaySchema.ServerHello;
import dev.muster.node.schema.RelaySchema.WorldState;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.external.Seen;
import dev.muster.registry.ConnectionRecord;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;

/** Answers those who say hello in protobuf: who is in the room, and what is in its space. */
final class ServerHellos {

    private static final String VERSION = version();

    private final ProtocolContext context;
    private final BinaryFrames.Refusals refusals;

    ServerHellos(ProtocolContext context, BinaryFrames.Refusals refusals) {
        this.context = context;
        this.refusals = refusals;
    }

    private static String version() {
        String version = ServerHellos.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Answers a hello. On the connection's loop. */
    void answer(RoomMember self, RelayMember member) {
        Future<List<ConnectionRecord>> players = context.rooms().eldest(self.room());
        RoomSpace space = member.space();
        if (space == null) {
            players.onComplete(done -> send(self, done.map(all -> hello(self, member, all, List.of()))));
        } else {
            players.onComplete(done -> self.connection().loop().execute(() -> withEntities(self, member, space, done)));
        }
    }

    /**
     * What is said in the room meanwhile waits. So the client gets the picture after all that is in it, and before all that
     * may not be.
     */
    private void withEntities(
            RoomMember self, RelayMember member, RoomSpace space, AsyncResult<List<ConnectionRecord>> players) {
        boolean holds = !self.isAcked();
        if (holds) {
            member.hold();
            context.rooms().reencode(member, self.room());
        }
        space.entities().onComplete(entities -> {
            send(
                    self,
                    players.succeeded()
                            ? entities.map(all -> hello(self, member, players.result(), all))
                            : Future.failedFuture(players.cause()));
            if (holds) {
                member.letGo();
                context.rooms().reencode(member, self.room());
            }
        });
    }

    private void send(RoomMember self, AsyncResult<Buffer> hello) {
        Connection connection = self.connection();
        if (hello.succeeded()) {
            connection.sendBinary(hello.result());
            return;
        }
        Throwable failure = hello.cause();
        ErrorCode code =
                failure instanceof SyncException refused ? ErrorCode.of(refused.status()) : ErrorCode.of(failure);
        refusals.refuse(connection, code, code.sentence());
    }

    private Buffer hello(RoomMember self, RelayMember member, List<ConnectionRecord> players, List<Seen> entities) {
        long now = context.clock().millis();
        WorldState.Builder world = WorldState.newBuilder().setLastUpdate(now);
        entities.forEach(entity -> world.addEntities(EntitySnapshots.of(entity)));
        boolean isThere = false;
        for (ConnectionRecord player : players) {
            isThere |= player.connectionId().equals(self.connection().id());
            world.addPlayers(player(Sender.of(player)));
        }
        if (!isThere) {
            // It is a member, but the feed, which has its own pace, has not brought that yet.
            world.addPlayers(player(Sender.of(self.connection())));
        }
        return Buffer.buffer(Message.newBuilder()
                .setMessageId(UUID.randomUUID().toString())
                .setTimestamp(now)
                .setType(MessageType.SERVER_HELLO)
                .setServerHello(ServerHello.newBuilder()
                        .setServerVersion(VERSION)
                        .setAssignedClientId(member.clientId())
                        .setRoomId(self.room())
                        .setInitialState(world))
                .build()
                .toByteArray());
    }

    private static PlayerSnapshot player(Sender who) {
        return PlayerSnapshot.newBuilder()
                .setClientId(ProtobufEncoder.clientId(who))
                .setDisplayName(who.displayName())
                .build();
    }
}
