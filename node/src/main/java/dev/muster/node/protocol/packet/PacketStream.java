package dev.muster.node.protocol.packet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Finds the packets in a stream of bytes, however it was cut on its way: a packet may come in pieces, and a piece may
 * hold many packets. What is here whole is not copied. A length is judged before anything is kept, and what is kept grows
 * with what really comes, so that a client gets no memory for announcing much.
 */
final class PacketStream {

    /** A length over the limit: what follows cannot be read, whatever it is. */
    static final class TooLong extends Exception {

        private static final long serialVersionUID = 1L;

        private final long length;

        TooLong(long length, int most) {
            super(
                    "a packet has at most " + most + " bytes, but " + Long.toUnsignedString(length) + " are announced",
                    null,
                    false,
                    false);
            this.length = length;
        }

        /** What was announced, unsigned. */
        long length() {
            return length;
        }
    }

    private static final int FIRST_PIECE = 256;

    private final int maxBytes;
    private ByteBuf input = Unpooled.EMPTY_BUFFER;
    /** The beginning of a packet, its length included; null between packets. */
    private @Nullable ByteBuf begun;

    /**
     * @param maxBytes of a packet, without its length
     */
    PacketStream(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * The next bytes of the stream.
     *
     * @param bytes on the heap, not modified afterwards; nothing has to be released
     */
    void add(ByteBuf bytes) {
        input = input.isReadable() ? Unpooled.wrappedBuffer(input, bytes) : bytes;
    }

    /** The next whole packet without its length, valid until the next call; null if it is not here yet. */
    @Nullable
    ByteBuf next() throws TooLong {
        ByteBuf packet = begun;
        if (packet == null) {
            if (!input.isReadable()) {
                input = Unpooled.EMPTY_BUFFER;
                return null;
            }
            int whole = input.readableBytes() < Packet.LENGTH_BYTES ? Integer.MAX_VALUE : sizeOf(input);
            if (input.readableBytes() >= whole) {
                return input.readSlice(whole).skipBytes(Packet.LENGTH_BYTES);
            }
            int most = Packet.LENGTH_BYTES + maxBytes;
            packet = Unpooled.buffer(Math.min(most, Math.max(FIRST_PIECE, input.readableBytes())), most);
            begun = packet;
        }
        if (!fill(packet, Packet.LENGTH_BYTES) || !fill(packet, sizeOf(packet))) {
            return null;
        }
        begun = null;
        return packet.skipBytes(Packet.LENGTH_BYTES);
    }

    /** What is set aside for a packet that is not whole yet. */
    int keptBytes() {
        ByteBuf packet = begun;
        return packet == null ? 0 : packet.capacity();
    }

    /** Moves input into {@code packet} until that has {@code bytes}, and says whether it has. */
    private boolean fill(ByteBuf packet, int bytes) {
        int missing = Math.max(0, bytes - packet.readableBytes());
        packet.writeBytes(input, Math.min(missing, input.readableBytes()));
        return packet.readableBytes() >= bytes;
    }

    /** What a packet takes together with its length, which is here. */
    private int sizeOf(ByteBuf bytes) throws TooLong {
        long length = bytes.getLongLE(bytes.readerIndex());
        if (length < 0 || length > maxBytes) {
            throw new TooLong(length, maxBytes);
        }
        return Packet.LENGTH_BYTES + (int) length;
    }
}
