package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Connection;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** What becomes of a relay's binary frames. On the loop of each frame's connection. */
final class BinaryFrames {

    /** Tells a client what was wrong, and counts it. */
    @FunctionalInterface
    interface Refusals {
        void refuse(Connection connection, ErrorCode code, String sentence);
    }

    private final ProtocolContext context;
    private final Refusals refusals;
    private final ServerHellos hellos;

    BinaryFrames(ProtocolContext context, Refusals refusals) {
        this.context = context;
        this.refusals = refusals;
        this.hellos = new ServerHellos(context, refusals);
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
            case HELLO -> hellos.answer(self, member);
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
