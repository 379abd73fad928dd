package dev.muster.node.protocol.packet;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.ProtocolContext;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Handles packet connections: each is in the one room of this protocol until it turns out to have come for entities. */
final class PacketHandler implements SocketHandler {

    private final ProtocolContext context;
    private final PacketSyncWire wire;

    PacketHandler(ProtocolContext context) {
        this.context = context;
        this.wire = new PacketSyncWire(context);
    }

    @Override
    public Future<Void> onConnect(Connection connection) {
        return new PacketSession(connection, context, wire).enter();
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        if (message.isText()) {
            context.badInput().count(PacketProtocol.NAME, ErrorCode.BAD_FRAME);
            connection.close(CloseReason.UNSUPPORTED.saying("packets come in binary frames"));
        } else if (connection.attachment() instanceof PacketSession session) {
            session.take(message.payload());
        }
    }

    @Override
    public void onDisconnect(Connection connection, @Nullable Throwable cause) {
        if (connection.attachment() instanceof PacketSession session) {
            session.close();
        }
    }

    /** This wire has no way to tell; what was too much is dropped. */
    @Override
    public void onNotice(Connection connection, Notice notice) {
        if (notice instanceof Notice.Limited) {
            context.badInput().count(PacketProtocol.NAME, ErrorCode.RATE_LIMITED);
        }
    }
}
