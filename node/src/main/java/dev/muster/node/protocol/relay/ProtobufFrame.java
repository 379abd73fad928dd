package dev.muster.node.protocol.relay;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PresenceData;
import dev.muster.node.schema.RelaySchema.PresenceEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a binary frame of a relay's client, without building the message: what is relayed is the frame itself, so
 * only a few fields are of interest, and a frame of a megabyte may hold half a million messages of two bytes. What it
 * takes for a {@link Message} is what the generated parser takes for one.
 *
 * <p>A field that comes twice is looked at twice: a reader that keeps the first is not fooled either.
 */
final class ProtobufFrame {

    /** What becomes of a frame. */
    enum Kind {
        /** Text for everybody in the room. */
        CHAT,
        /** Asks for a hello. */
        HELLO,
        /** For relay members, at most once. */
        FAST,
        /** For relay members. */
        RELAYED,
        /** Is refused. */
        REFUSED
    }

    private static final int CHAT = Message.CHAT_MESSAGE_FIELD_NUMBER;
    private static final int PRESENCE = Message.PRESENCE_EVENT_FIELD_NUMBER;

    private static final long ENTITIES = 1L << Message.ENTITY_SPAWN_FIELD_NUMBER
            | 1L << Message.ENTITY_UPDATE_FIELD_NUMBER
            | 1L << Message.ENTITY_DESPAWN_FIELD_NUMBER;

    private final ByteBuf bytes;
    private final CodedInputStream in;
    private final byte[] clientId;

    private boolean hasId;
    private long timestamp;
    private int type;
    /** A bit for each number of a payload that occurs. */
    private long payloads;
    /** The payload that counts: the last. */
    private int payload;
    /** How many there are, be they of one kind. */
    private int payloadCount;

    private boolean foreign;
    private boolean leaves;
    private boolean updates;
    private boolean namesHost;

    private Kind kind = Kind.RELAYED;
    private ErrorCode code = ErrorCode.INVALID_MESSAGE;
    private @Nullable String problem;

    private ProtobufFrame(Buffer frame, byte[] clientId) {
        this.bytes = ((BufferInternal) frame).getByteBuf();
        this.in = CodedInputStream.newInstance(bytes.nioBuffer());
        this.clientId = clientId;
    }

    /**
     * Looks at a frame.
     *
     * @param clientId the sender's, in UTF-8
     */
    static ProtobufFrame of(Buffer frame, byte[] clientId) {
        ProtobufFrame looked = new ProtobufFrame(frame, clientId);
        try {
            looked.walk(Shape.MESSAGE);
            looked.in.checkLastTagWas(0);
            looked.judge();
        } catch (InvalidProtocolBufferException malformed) {
            looked.refuse(ErrorCode.BAD_FRAME, "the frame is not a protobuf Message");
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return looked;
    }

    /** Whether the frame makes a connection a checked one: a message with an id and a time. */
    boolean isMessage() {
        return code != ErrorCode.BAD_FRAME && hasId && timestamp > 0;
    }

    Kind kind() {
        return kind;
    }

    /** Whether anybody could take it for news of an entity, by its type or by what is inside. */
    boolean isAboutEntities() {
        return (payloads & ENTITIES) != 0
                || type == MessageType.ENTITY_SPAWN_VALUE
                || type == MessageType.ENTITY_UPDATE_VALUE
                || type == MessageType.ENTITY_DESPAWN_VALUE;
    }

    /** The number of its type. */
    int type() {
        return type;
    }

    /** The number of its payload; 0 if it has none, or more than one. */
    int onlyPayload() {
        return payloadCount == 1 ? payload : 0;
    }

    /** What to tell the sender of a refused frame. */
    ErrorCode code() {
        return code;
    }

    /** What was wrong with a refused frame, and what is allowed. */
    String problem() {
        return problem == null ? code.sentence() : problem;
    }

    /** Whether only the server sends such frames, or whether it speaks for somebody else. */
    boolean isForged() {
        return kind == Kind.REFUSED && code == ErrorCode.FORBIDDEN;
    }

    // ---- reading ----

    private void walk(Shape shape) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Shape.Field field = shape.field(tag);
            if (field == null) {
                if (!in.skipField(tag)) {
                    throw malformed("a group ends that did not begin");
                }
                continue;
            }
            switch (field.content()) {
                case NUMBER -> number(shape, field);
                case BYTES -> in.skipRawBytes(length());
                case TEXT -> text(shape, field);
                case MESSAGE -> message(shape, field);
            }
        }
    }

    private void message(Shape shape, Shape.Field field) throws IOException {
        Shape inner = field.shape();
        if (inner == null) {
            throw new IllegalStateException("field " + field.number() + " has no shape");
        }
        if (shape == Shape.MESSAGE) {
            payload = field.number();
            payloads |= 1L << payload;
            payloadCount++;
        }
        int outer = in.pushLimit(length());
        walk(inner);
        in.checkLastTagWas(0);
        in.popLimit(outer);
    }

    private void number(Shape shape, Shape.Field field) throws IOException {
        if (shape == Shape.MESSAGE && field.number() == Message.TIMESTAMP_FIELD_NUMBER) {
            timestamp = in.readInt64();
        } else if (shape == Shape.MESSAGE) {
            type = in.readEnum();
        } else if (shape == Shape.PRESENCE_EVENT) {
            int event = in.readEnum();
            leaves |= event == PresenceEvent.EventType.LEAVE_VALUE;
            updates = event == PresenceEvent.EventType.UPDATE_VALUE;
        } else {
            in.skipField(field.tag());
        }
    }

    private void text(Shape shape, Shape.Field field) throws IOException {
        int length = length();
        int start = bytes.readerIndex() + in.getTotalBytesRead();
        if (length > bytes.writerIndex() - start) {
            throw malformed("a text is longer than the frame");
        }
        if (length > 0 && !ByteBufUtil.isText(bytes, start, length, StandardCharsets.UTF_8)) {
            throw malformed("a text is not UTF-8");
        }
        if (shape == Shape.MESSAGE) {
            hasId = length > 0;
        } else if (shape == Shape.CHAT_MESSAGE || shape == Shape.PRESENCE_EVENT) {
            boolean isClientId = field.number() == 1;
            foreign |= isClientId && length > 0 && !isOwn(start, length);
        } else if (shape == Shape.PRESENCE_DATA) {
            namesHost |= field.number() == PresenceData.HOST_CLIENT_ID_FIELD_NUMBER && length > 0;
        }
        in.skipRawBytes(length);
    }

    private boolean isOwn(int start, int length) {
        if (length != clientId.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(start + i) != clientId[i]) {
                return false;
            }
        }
        return true;
    }

    private int length() throws IOException {
        int length = in.readRawVarint32();
        if (length < 0) {
            throw malformed("a length is negative");
        }
        return length;
    }

    private static InvalidProtocolBufferException malformed(String what) {
        return new InvalidProtocolBufferException(what);
    }

    // ---- judging ----

    private void judge() {
        if (!hasId) {
            refuse(ErrorCode.INVALID_MESSAGE, "message_id must not be empty");
        } else if (timestamp <= 0) {
            refuse(ErrorCode.INVALID_MESSAGE, "timestamp must be above 0, in ms since 1970");
        } else if (isServersOwn()) {
            refuse(ErrorCode.FORBIDDEN, "frames of this type are sent by the server only");
        } else if (foreign) {
            refuse(ErrorCode.FORBIDDEN, "the client id must be your own, or none");
        } else if (namesHost) {
            refuse(ErrorCode.FORBIDDEN, "who is the host is said by the server only");
        } else if (type == MessageType.CLIENT_HELLO_VALUE || has(Message.CLIENT_HELLO_FIELD_NUMBER)) {
            // Never relayed, whatever else it is: it may hold a token.
            kind = Kind.HELLO;
        } else if (type == MessageType.CHAT_MESSAGE_VALUE) {
            chat();
        } else if (type == MessageType.POSITION_UPDATE_VALUE || type == MessageType.VOICE_DATA_VALUE) {
            kind = Kind.FAST;
        }
    }

    private void chat() {
        if (payload == CHAT) {
            kind = Kind.CHAT;
        } else {
            refuse(ErrorCode.INVALID_MESSAGE, "a CHAT_MESSAGE has its text in chat_message");
        }
    }

    /**
     * By the type, and by what is inside: a reader may go by either. An event without a type of its own reads as a
     * join, so in an update it may stand, but nowhere else.
     */
    private boolean isServersOwn() {
        boolean isUpdate = type == MessageType.PRESENCE_UPDATE_VALUE || updates;
        return type == MessageType.SERVER_HELLO_VALUE
                || type == MessageType.PRESENCE_JOIN_VALUE
                || type == MessageType.PRESENCE_LEAVE_VALUE
                || has(Message.SERVER_HELLO_FIELD_NUMBER)
                || has(PRESENCE) && (leaves || !isUpdate);
    }

    private boolean has(int number) {
        return (payloads & 1L << number) != 0;
    }

    private void refuse(ErrorCode code, String problem) {
        this.kind = Kind.REFUSED;
        this.code = code;
        this.problem = problem;
    }
}
