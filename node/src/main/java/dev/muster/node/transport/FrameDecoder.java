package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a client sends into messages, strictly by RFC 6455 §5 and without extensions. It keeps nothing but the
 * message it is in the middle of, and never allocates more than has arrived (twice, while a buffer grows): a declared
 * length is only ever compared with the limit.
 *
 * <p>Not for use after it has thrown.
 */
final class FrameDecoder {

    /** What comes out. */
    interface Sink {
        /**
         * A whole message.
         *
         * @param payload handed over; the first {@code length} bytes count
         */
        void message(boolean text, byte[] payload, int length);

        /** A ping and its payload, to be sent back. */
        void ping(byte[] payload);

        /** The client's close frame; {@code code} is 1005 when it has none. */
        void closeFrame(int code, String reason);

        /** Whether to stop after the current frame and leave the rest for later. */
        boolean paused();
    }

    static final int NO_CODE = 1005;

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int MAX_CONTROL = 125;
    private static final int FIN = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final byte[] NOTHING = {};

    private static final CloseReason RESERVED_BIT = violation("a reserved bit is set, but no extension was agreed");
    private static final CloseReason UNKNOWN_OPCODE = violation("reserved opcode");
    private static final CloseReason UNMASKED = violation("frames of a client must be masked");
    private static final CloseReason LONG_CONTROL = violation("a control frame takes at most 125 bytes");
    private static final CloseReason SPLIT_CONTROL = violation("a control frame must not be fragmented");
    private static final CloseReason NOTHING_TO_CONTINUE = violation("continuation without a first fragment");
    private static final CloseReason UNFINISHED = violation("new message before the last fragment of the other");
    private static final CloseReason LENGTH_FORM = violation("length not in its shortest form");
    private static final CloseReason CLOSE_CODE = violation("invalid close code");
    private static final CloseReason TOO_MANY_FRAGMENTS = CloseReason.TOO_BIG.saying("message in too many fragments");

    private enum Step {
        FIRST_BYTE,
        LENGTH,
        LONG_LENGTH,
        MASK,
        PAYLOAD
    }

    private final int maxMessage;
    private final int maxFragments;
    private final CloseReason tooBig;

    private Step step = Step.FIRST_BYTE;
    /** The frame at hand: opcode with FIN, what is left of its header field, its length and mask. */
    private int first;

    private int headerLeft;
    private long length;
    private int mask;

    /** The message at hand: 0 when there is none. */
    private int messageOpcode;

    private int fragments;
    private byte[] message = NOTHING;
    private int messageLength;
    private byte[] control = NOTHING;
    private int controlLength;
    private @Nullable Utf8Validator utf8;
    private boolean discarding;

    /**
     * @param maxMessage bytes a message may have, over all its fragments
     * @param maxFragments frames a message may come in
     */
    FrameDecoder(int maxMessage, int maxFragments, CloseReason tooBig) {
        this.maxMessage = maxMessage;
        this.maxFragments = maxFragments;
        this.tooBig = tooBig;
    }

    /** What a message of more than {@code maxMessage} bytes is answered with; shared by all decoders. */
    static CloseReason tooBig(int maxMessage) {
        return CloseReason.TOO_BIG.saying("a message has at most " + maxMessage + " bytes");
    }

    /** Whether bytes of a frame or message are here of which the rest is not. */
    boolean isMidMessage() {
        return step != Step.FIRST_BYTE || messageOpcode != 0;
    }

    /** From now on data frames are read over: only the client's close frame is of interest. */
    void discardMessages() {
        discarding = true;
        message = NOTHING;
        messageLength = 0;
        utf8 = null;
    }

    /**
     * Reads frames until {@code in} is empty or the sink is paused.
     *
     * @throws CloseException if the client broke the protocol; the reason says how
     */
    void decode(ByteBuf in, Sink sink) {
        while (in.isReadable()) {
            switch (step) {
                case FIRST_BYTE -> {
                    if (sink.paused()) {
                        return;
                    }
                    firstByte(in.readUnsignedByte());
                }
                case LENGTH -> shortLength(in.readUnsignedByte());
                case LONG_LENGTH -> {
                    length = length << 8 | in.readUnsignedByte();
                    if (--headerLeft == 0) {
                        longLength();
                    }
                }
                case MASK -> mask(in, sink);
                case PAYLOAD -> payload(in, sink);
            }
        }
    }

    private void firstByte(int value) {
        if ((value & RESERVED_BITS) != 0) {
            throw new CloseException(RESERVED_BIT);
        }
        int opcode = value & 0x0F;
        switch (opcode) {
            case CONTINUATION -> {
                if (messageOpcode == 0) {
                    throw new CloseException(NOTHING_TO_CONTINUE);
                }
            }
            case TEXT, BINARY -> {
                if (messageOpcode != 0) {
                    throw new CloseException(UNFINISHED);
                }
            }
            case CLOSE, PING, PONG -> {
                if ((value & FIN) == 0) {
                    throw new CloseException(SPLIT_CONTROL);
                }
            }
            default -> throw new CloseException(UNKNOWN_OPCODE);
        }
        first = value;
        step = Step.LENGTH;
    }

    private void shortLength(int value) {
        if ((value & 0x80) == 0) {
            throw new CloseException(UNMASKED);
        }
        int declared = value & 0x7F;
        if (isControl() && declared > MAX_CONTROL) {
            throw new CloseException(LONG_CONTROL);
        }
        if (declared < 126) {
            length = declared;
            lengthKnown();
        } else {
            length = 0;
            headerLeft = declared == 126 ? 2 : 8;
            step = Step.LONG_LENGTH;
            first = declared == 126 ? first : first | LONG_FORM;
        }
    }

    /** Marks, beside the frame's first byte, that its length came in eight bytes. */
    private static final int LONG_FORM = 0x100;

    private void longLength() {
        int shortest = (first & LONG_FORM) != 0 ? 0x10000 : 126;
        first &= ~LONG_FORM;
        // RFC 6455 §5.2: the highest bit of 64 must be 0; as a long it makes the length negative.
        if (length < shortest) {
            throw new CloseException(LENGTH_FORM);
        }
        lengthKnown();
    }

    private void lengthKnown() {
        if (!isControl() && !discarding) {
            if (length > maxMessage - messageLength) {
                throw new CloseException(tooBig);
            }
            if (++fragments > maxFragments) {
                throw new CloseException(TOO_MANY_FRAGMENTS);
            }
        }
        mask = 0;
        headerLeft = 4;
        step = Step.MASK;
    }

    private void mask(ByteBuf in, Sink sink) {
        if (headerLeft == 4 && in.readableBytes() >= 4) {
            mask = in.readInt();
            headerLeft = 0;
        } else {
            mask = mask << 8 | in.readUnsignedByte();
            headerLeft--;
        }
        if (headerLeft == 0) {
            startPayload();
            if (length == 0) {
                endFrame(sink);
            }
        }
    }

    private void startPayload() {
        step = Step.PAYLOAD;
        if (isControl()) {
            control = length == 0 ? NOTHING : new byte[(int) length];
            controlLength = 0;
            return;
        }
        int opcode = first & 0x0F;
        if (opcode != CONTINUATION) {
            messageOpcode = opcode;
            if (opcode == TEXT && utf8 == null && !discarding) {
                utf8 = new Utf8Validator();
            }
        }
    }

    private void payload(ByteBuf in, Sink sink) {
        int available = (int) Math.min(length, in.readableBytes());
        if (isControl()) {
            in.readBytes(control, controlLength, available);
            mask = Masking.apply(control, controlLength, controlLength + available, mask);
            controlLength += available;
        } else if (discarding) {
            in.skipBytes(available);
        } else {
            append(in, available);
        }
        length -= available;
        if (length == 0) {
            endFrame(sink);
        }
    }

    private void append(ByteBuf in, int available) {
        int end = messageLength + available;
        if (end > message.length) {
            message = Arrays.copyOf(message, capacity(end));
        }
        in.readBytes(message, messageLength, available);
        mask = Masking.apply(message, messageLength, end, mask);
        if (messageOpcode == TEXT && utf8 != null && !utf8.accept(message, messageLength, end)) {
            throw new CloseException(CloseReason.INVALID_UTF8);
        }
        messageLength = end;
    }

    /** Doubles, so that bytes that trickle in are not copied again and again, but never beyond what was declared. */
    private int capacity(int needed) {
        long known = messageLength + length;
        long doubled = Math.max(needed, 2L * message.length);
        return (int) ((first & FIN) != 0 ? Math.min(known, doubled) : Math.min(maxMessage, doubled));
    }

    private void endFrame(Sink sink) {
        step = Step.FIRST_BYTE;
        switch (first & 0x0F) {
            case PING -> sink.ping(takeControl());
            case PONG -> takeControl();
            case CLOSE -> close(takeControl(), sink);
            default -> {
                if ((first & FIN) != 0) {
                    endMessage(sink);
                }
            }
        }
    }

    private void endMessage(Sink sink) {
        boolean text = messageOpcode == TEXT;
        byte[] payload = message;
        int payloadLength = messageLength;
        messageOpcode = 0;
        fragments = 0;
        message = NOTHING;
        messageLength = 0;
        if (text && utf8 != null && !utf8.end()) {
            throw new CloseException(CloseReason.INVALID_UTF8);
        }
        if (!discarding) {
            sink.message(text, payload, payloadLength);
        }
    }

    private byte[] takeControl() {
        byte[] payload = control;
        control = NOTHING;
        return payload;
    }

    private static void close(byte[] payload, Sink sink) {
        if (payload.length == 0) {
            sink.closeFrame(NO_CODE, "");
            return;
        }
        if (payload.length == 1) {
            throw new CloseException(CLOSE_CODE);
        }
        int code = (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        if (!CloseReason.isSendable(code)) {
            throw new CloseException(CLOSE_CODE);
        }
        Utf8Validator reason = new Utf8Validator();
        if (!reason.accept(payload, 2, payload.length) || !reason.end()) {
            throw new CloseException(CloseReason.INVALID_UTF8);
        }
        sink.closeFrame(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    private boolean isControl() {
        return (first & 0x08) != 0;
    }

    private static CloseReason violation(String text) {
        return CloseReason.PROTOCOL_ERROR.saying(text);
    }
}
