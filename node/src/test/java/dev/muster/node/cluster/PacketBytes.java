package dev.muster.node.cluster;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Packets as a client makes and reads them. */
final class PacketBytes {

    static final String USER_CHAT = "shared_types::UserChatMessage";
    static final String NEW_CHAT = "shared_types::NewChatMessage";
    static final long USER_CHAT_HASH = 0xb6ac6aec622310edL;
    static final long NEW_CHAT_HASH = 0xecf033d2569f80feL;

    private PacketBytes() {}

    static byte[] say(String text) {
        return packet(USER_CHAT, USER_CHAT_HASH, string(text));
    }

    static byte[] authenticate(String token) {
        return packet("muster::Authenticate", 0, string(token));
    }

    static byte[] string(String text) {
        return ByteBufUtil.getBytes(
                new BincodeWriter(Unpooled.buffer()).string(text).out());
    }

    static byte[] packet(String type, long hash, byte[] data) {
        ByteBuf packet = new BincodeWriter(Unpooled.buffer())
                .bytes(type.getBytes(StandardCharsets.UTF_8))
                .unsigned(hash)
                .bytes(data)
                .out();
        return frame(ByteBufUtil.getBytes(packet));
    }

    static byte[] frame(byte[] packet) {
        return ByteBufUtil.getBytes(Unpooled.buffer().writeLongLE(packet.length).writeBytes(packet));
    }

    /** What somebody said, {@code name: text}, read from whole frames one after another. */
    static String heard(byte[] frames) {
        ByteBuf bytes = Unpooled.wrappedBuffer(frames);
        StringBuilder all = new StringBuilder();
        try {
            while (bytes.isReadable()) {
                BincodeReader in = new BincodeReader(bytes.readSlice((int) bytes.readLongLE()));
                String type = in.string();
                long hash = in.u64();
                BincodeReader data = new BincodeReader(in.bytes());
                in.end();
                if (!type.equals(NEW_CHAT) || hash != NEW_CHAT_HASH) {
                    throw new AssertionError("unexpected packet " + type + " " + Long.toHexString(hash));
                }
                all.append(all.isEmpty() ? "" : "\n")
                        .append(data.string())
                        .append(": ")
                        .append(data.string());
                data.end();
            }
        } catch (BincodeException broken) {
            throw new AssertionError(broken);
        }
        return all.toString();
    }
}
