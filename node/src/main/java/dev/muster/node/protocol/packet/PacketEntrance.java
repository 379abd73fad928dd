package dev.muster.node.protocol.packet;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Entrance;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.ProtocolContext;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Where a token is needed, the first packet on a raw socket has to be {@link PacketType#AUTHENTICATE}. */
record PacketEntrance(ProtocolContext context) implements Entrance {

    /** A token and what is around it; from strangers nothing longer is taken. */
    private static final int MAX_BYTES = 16 << 10;

    @Override
    public boolean isOpen() {
        return !context.gate().tokenRequired();
    }

    @Override
    public @Nullable Future<?> knock(Connection connection, ByteBuf first) {
        if (first.readableBytes() < Packet.LENGTH_BYTES) {
            return null;
        }
        long length = first.getLongLE(first.readerIndex());
        if (length < 0 || length > MAX_BYTES) {
            WrongPort.tell(connection, length);
            throw refused(ErrorCode.TOO_BIG, CloseReason.TOO_BIG);
        }
        if (first.readableBytes() < Packet.LENGTH_BYTES + length) {
            return null;
        }
        try {
            Packet packet = Packet.read(first.skipBytes(Packet.LENGTH_BYTES).readSlice((int) length));
            if (packet.type() != PacketType.AUTHENTICATE) {
                throw refused(ErrorCode.FORBIDDEN, CloseReason.UNAUTHORIZED);
            }
            return context.gate()
                    .login(connection, new BincodeReader(packet.data()).string())
                    .onFailure(refusal -> context.badInput().count(PacketProtocol.NAME, ErrorCode.FORBIDDEN));
        } catch (BincodeException undecodable) {
            throw refused(ErrorCode.INVALID_MESSAGE, CloseReason.PROTOCOL_ERROR);
        }
    }

    private CloseException refused(ErrorCode code, CloseReason reason) {
        context.badInput().count(PacketProtocol.NAME, code);
        return new CloseException(reason);
    }
}
