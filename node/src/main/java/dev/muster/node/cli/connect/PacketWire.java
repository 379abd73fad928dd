package dev.muster.node.cli.connect;

import dev.muster.node.codec.Fnv1a;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Packets in a stream of bytes, over binary frames or raw TCP. */
final class PacketWire implements Wire {

    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int MAX_BYTES = 10 << 20;

    private static final String SAY = "shared_types::UserChatMessage";
    private static final long SAY_HASH = 0xb6ac6aec622310edL;
    private static final String SAID = "shared_types::NewChatMessage";
    private static final long SAID_HASH = 0xecf033d2569f80feL;
    private static final String LOGIN = "muster::Authenticate";

    private final @Nullable String login;
    private Buffer unread = Buffer.buffer();

    /**
     * @param login a token to be sent first; null for none
     */
    PacketWire(@Nullable String login) {
        this.login = login;
    }

    @Override
    public String path(String room) {
        return "/ws/packet";
    }

    @Override
    public Map<String, String> query() {
        return Map.of();
    }

    @Override
    public List<Frame> opening() {
        unread = Buffer.buffer();
        return login == null ? List.of() : List.of(packet(LOGIN, Fnv1a.of(LOGIN), login));
    }

    @Override
    public Frame typed(String line) {
        return packet(SAY, SAY_HASH, line);
    }

    private static Frame packet(String type, long hash, String text) {
        ByteBuf data = new BincodeWriter(Unpooled.buffer()).string(text).out();
        ByteBuf packet = new BincodeWriter(Unpooled.buffer())
                .string(type)
                .unsigned(hash)
                .bytes(data)
                .out();
        ByteBuf frame = Unpooled.buffer().writeLongLE(packet.readableBytes()).writeBytes(packet);
        return Frame.binary(ByteBufUtil.getBytes(frame));
    }

    @Override
    public void received(Frame frame, Output output) {
        if (frame.isText()) {
            output.print(frame.text());
            return;
        }
        unread.appendBuffer(frame.payload());
        int start = 0;
        while (unread.length() - start >= LENGTH_BYTES) {
            long length = unread.getLongLE(start);
            if (length < 0 || length > MAX_BYTES) {
                output.print("! a packet of " + Long.toUnsignedString(length) + " bytes, which nobody may send: "
                        + Visible.bytes(unread.slice(start, unread.length())));
                start = unread.length();
            } else if (unread.length() - start - LENGTH_BYTES >= length) {
                int end = start + LENGTH_BYTES + (int) length;
                output.print(shown(unread.getBytes(start + LENGTH_BYTES, end)));
                start = end;
            } else {
                break;
            }
        }
        unread = unread.getBuffer(start, unread.length());
    }

    private static String shown(byte[] packet) {
        try {
            BincodeReader reader = new BincodeReader(Unpooled.wrappedBuffer(packet));
            String type = reader.string();
            long hash = reader.u64();
            ByteBuf data = reader.bytes();
            if (type.equals(SAID) || hash == SAID_HASH) {
                BincodeReader said = new BincodeReader(data);
                return "[" + said.string() + "]: " + said.string();
            }
            return type + " " + Visible.bytes(Buffer.buffer(ByteBufUtil.getBytes(data)));
        } catch (BincodeException malformed) {
            return "! not a packet: " + Visible.bytes(Buffer.buffer(packet));
        }
    }
}
