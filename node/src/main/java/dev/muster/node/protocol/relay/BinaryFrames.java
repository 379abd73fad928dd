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
import dev.muster.registry.ContentType;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What becomes of a relay's binary frames. On the loop of each frame's connection. */
final class BinaryFrames {

    /** Tells a client what was wrong, and counts it. */
    @FunctionalInterface
    interface Refusals {
        void refuse(Connection connection, ErrorCode code, String sentence);
    }

    private static final String VERSION = version();
    private static final Future<List<Seen>> NO_ENTITIES = Future.succeededFuture(List.of());

    private final ProtocolContext context;
    private final Refusals refusals;

    BinaryFrames(ProtocolContext context, Refusals refusals) {
        this.context = context;
        this.refusals = refusals;
    }

    private static String version() {
        String version = BinaryFrames.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    void onMessage(RoomMember self, Buffer frame) {
        RelayMember member = RelayMember.of(self);
        if (!member.isChecked() && !member.mayTurn()) {
            publish(self, frame, self.headers(), false);
            return;
        }
        ProtobufFrame looked = ProtobufFrame.of(frame, member.clientIdBytes());
        if (!member.isChecked()) {
            if (!looked.isMessage()) {
                publish(self, frame, self.headers(), false);
                return;
            }
            turn(self, member);
        }
        RoomSpace space = member.space();
        boolean isSaid = looked.kind() != ProtobufFrame.Kind.HELLO && looked.kind() != ProtobufFrame.Kind.REFUSED;
        if (space != null && isSaid && looked.isAboutEntities()) {
            space.change(
                    self,
                    looked,
                    frame,
                    () -> publish(self, frame, member.headers().other(), false),
                    (code, sentence) -> refusals.refuse(self.connection(), code, sentence));
        } else if (looked.kind() == ProtobufFrame.Kind.FAST) {
            publish(self, frame, member.headers().other(), true);
        } else {
            member.inOrder(self, frame.length(), () -> take(self, member, looked, frame));
        }
    }

    private void take(RoomMember self, RelayMember member, ProtobufFrame looked, Buffer frame) {
        switch (looked.kind()) {
            case CHAT -> publish(self, frame, member.headers().chat(), false);
            case FAST, RELAYED -> publish(self, frame, member.headers().other(), false);
            case HELLO -> hello(self, member);
            case REFUSED -> refusals.refuse(self.connection(), looked.code(), looked.problem());
        }
    }

    /** The first protobuf message: from here on it is a protobuf member. */
    private void turn(RoomMember self, RelayMember member) {
        member.turn();
        if (self.isAcked()) {
            // Its own frames are checked from here on; what it gets stays as it is, for its messages are numbered.
            return;
        }
        // Asked first, so that the first who comes or goes is told of together with the host. If the registry cannot
        // say, the room finds out later.
        Future<List<ConnectionRecord>> eldest = context.rooms().eldest(self.room());
        eldest.onComplete(done -> context.rooms().reencode(member, self.room()));
    }

    private void hello(RoomMember self, RelayMember member) {
        RoomSpace space = member.space();
        // The entities last: the less time passes until the client has them, the newer they are.
        context.rooms()
                .eldest(self.room())
                .compose(players -> (space == null ? NO_ENTITIES : space.entities())
                        .map(entities -> hello(self, member, players, entities)))
                .onSuccess(self.connection()::sendBinary)
                .onFailure(failure -> {
                    ErrorCode code = codeOf(failure);
                    refusals.refuse(self.connection(), code, code.sentence());
                });
    }

    private static ErrorCode codeOf(Throwable failure) {
        return failure instanceof SyncException refused ? ErrorCode.of(refused.status()) : ErrorCode.of(failure);
    }

    private Buffer hello(RoomMember self, RelayMember member, List<ConnectionRecord> players, List<Seen> entities) {
        long now = context.clock().millis();
        WorldState.Builder world = WorldState.newBuilder().setLastUpdate(now);
        entities.forEach(entity -> world.addEntities(Snapshots.of(entity)));
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

    private void publish(RoomMember self, Buffer frame, Map<String, String> headers, boolean fast) {
        self.publish(
                context.rooms(),
                ContentType.BINARY,
                frame,
                headers,
                fast,
                code -> refusals.refuse(self.connection(), code, code.sentence()));
    }
}
