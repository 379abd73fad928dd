package dev.muster.node.protocol;

import dev.muster.node.connection.Framing;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Sender;
import dev.muster.node.session.SessionWire;
import dev.muster.registry.ContentType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Messages to clients with {@code ?ack=true}: what was said, in an envelope with a number.
 *
 * <pre>
 * {"type":"MESSAGE","id":7,"from":"John Doe","contentType":"text","payload":"hello"}
 * </pre>
 *
 * The content type is {@code text}, {@code json}, or {@code binary}, which is in base64. A message that is sent at most
 * once has no {@code id}.
 */
public final class AckEnvelope implements SessionWire {

    private static final byte[] START = "{\"type\":\"MESSAGE\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = ",\"id\":".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 19;

    private final String name;
    private final Encoder encoder;
    private final boolean showsMemberships;

    /**
     * What is in an envelope.
     *
     * @param type what the payload is
     * @param payload not copied before it is written
     * @param event what happened, if nobody said anything: {@code joined} or {@code left}; else null
     */
    public record Content(
            ContentType type, Buffer payload, @Nullable String event) {

        /** Text that somebody said. */
        public static Content text(String text) {
            return new Content(ContentType.TEXT, Buffer.buffer(text), null);
        }

        /** The payload of a message as it is. */
        public static Content of(RoomEvent.Message message) {
            return new Content(message.contentType(), message.payload(), null);
        }
    }

    /** What a protocol shows of an event. */
    @FunctionalInterface
    public interface Contents {
        /** Null if it does not show it. For one event always the same. */
        @Nullable
        Content of(RoomEvent event);
    }

    /**
     * @param name of the protocol
     * @param contents what the protocol shows
     * @param echoes whether a sender gets its own messages
     * @param showsMemberships whether joins and leaves are among what is shown
     */
    public AckEnvelope(String name, Contents contents, boolean echoes, boolean showsMemberships) {
        this.name = name;
        this.encoder = new Enveloping(contents, echoes);
        this.showsMemberships = showsMemberships;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public boolean showsMemberships() {
        return showsMemberships;
    }

    @Override
    public ByteBuf start(long id, int rest, Framing framing) {
        ByteBuf start = PooledByteBufAllocator.DEFAULT.buffer(START.length + ID.length + MAX_DIGITS);
        start.writeBytes(START);
        if (id > 0) {
            start.writeBytes(ID);
            writeDigits(start, id);
        }
        return framing.textStart(start, rest);
    }

    private static void writeDigits(ByteBuf to, long id) {
        long power = 1;
        for (long left = id; left >= 10; left /= 10) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            to.writeByte('0' + (int) (id / power % 10));
        }
    }

    /** Makes everything behind the number; it begins with a comma. */
    private record Enveloping(Contents contents, boolean echoes) implements Encoder {
        @Override
        public @Nullable ByteBuf encode(RoomEvent event, Framing framing) {
            if (event instanceof RoomEvent.Reset || event instanceof RoomEvent.MembersReset) {
                return null;
            }
            Content content = contents.of(event);
            return content == null ? null : rest(from(event), content);
        }

        @Override
        public boolean isPersonal() {
            return true;
        }

        private static String from(RoomEvent event) {
            if (event instanceof RoomEvent.Message message) {
                return message.author();
            }
            if (event instanceof RoomEvent.Joined joined) {
                return Sender.of(joined.member()).displayName();
            }
            return event instanceof RoomEvent.Left left
                    ? Sender.of(left.member()).displayName()
                    : "server";
        }

        private static ByteBuf rest(String from, Content content) {
            ByteBuf object = Json.object(generator -> {
                generator.writeStringField("from", from);
                generator.writeStringField("contentType", content.type().name().toLowerCase(Locale.ROOT));
                generator.writeFieldName("payload");
                byte[] payload = content.payload().getBytes();
                if (content.type() == ContentType.BINARY) {
                    generator.writeBinary(payload);
                } else {
                    generator.writeUTF8String(payload, 0, payload.length);
                }
                if (content.event() != null) {
                    generator.writeStringField("event", content.event());
                }
            });
            try {
                // The object is a continuation: a comma in place of its brace. In direct memory, as sockets want it.
                object.setByte(object.readerIndex(), ',');
                return PooledByteBufAllocator.DEFAULT
                        .directBuffer(object.readableBytes())
                        .writeBytes(object);
            } finally {
                object.release();
            }
        }
    }
}
