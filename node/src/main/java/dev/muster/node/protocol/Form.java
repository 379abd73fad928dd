package dev.muster.node.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.muster.node.room.RoomEvent.Message;
import dev.muster.node.schema.RelaySchema;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.registry.ContentType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a message of a room is to be read, which its content type alone does not say. Travels in the header
 * {@link Message#FORM}. The most frequent form, a relay's own frame, has no header:
 *
 * <table>
 * <caption>What a message is</caption>
 * <tr><th>content type</th><th>form</th><th>is</th></tr>
 * <tr><td>text</td><td>none</td><td>a relay's text frame; its text is the frame</td></tr>
 * <tr><td>text</td><td>{@link #SAID}</td><td>text said in another protocol, or by the server</td></tr>
 * <tr><td>json</td><td>{@link #CHAT_OBJECT}</td><td>a relay's frame that carries a text in {@code text}</td></tr>
 * <tr><td>json</td><td>none</td><td>a relay's frame that is nobody else's business</td></tr>
 * <tr><td>json</td><td>{@link #EVENT}</td><td>an event that the application declared</td></tr>
 * <tr><td>binary</td><td>none</td><td>bytes for relay and chat</td></tr>
 * <tr><td>binary</td><td>{@link #PROTOBUF_CHAT}</td><td>a relay's protobuf frame that carries a text</td></tr>
 * <tr><td>binary</td><td>{@link #PROTOBUF}</td><td>a relay's protobuf frame that is nobody else's business</td></tr>
 * </table>
 */
public final class Form {

    /** Text that was said in another protocol than the relay, or by the server itself. */
    public static final String SAID = "s";

    /** A relay's JSON object with {@code "type":"CHAT_MESSAGE"} and the text in {@code text}. */
    public static final String CHAT_OBJECT = "c";

    /** A relay's protobuf frame of the type CHAT_MESSAGE, which was checked. */
    public static final String PROTOBUF_CHAT = "p";

    /** A relay's protobuf frame of another type, which was checked. */
    public static final String PROTOBUF = "b";

    /** An event that the application declared: for members who speak events, and subscribed to it. */
    public static final String EVENT = "e";

    private static final int CHAT_MESSAGE_TAG =
            RelaySchema.Message.CHAT_MESSAGE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int TEXT_TAG = ChatMessage.MESSAGE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private Form() {}

    /** The same headers with a form. */
    public static Map<String, String> in(Map<String, String> headers, String form) {
        Map<String, String> with = new HashMap<>(headers);
        with.put(Message.FORM, form);
        return Map.copyOf(with);
    }

    /** Whether the payload is a frame of a relay member, to be shown to the others as it is. */
    public static boolean isRelayFrame(Message message) {
        String form = message.form();
        return message.contentType() != ContentType.BINARY && (form == null || CHAT_OBJECT.equals(form));
    }

    /** Whether the payload is bytes that anybody who takes bytes may get. */
    public static boolean isBytes(Message message) {
        return message.contentType() == ContentType.BINARY && message.form() == null;
    }

    /** What people read in a message of any protocol; null if it is not for them. */
    public static @Nullable String text(Message message) {
        return switch (message.contentType()) {
            case TEXT -> message.payload().toString();
            case JSON ->
                CHAT_OBJECT.equals(message.form())
                        ? textMember(message.payload().getBytes())
                        : null;
            case BINARY -> PROTOBUF_CHAT.equals(message.form()) ? protobufText(message.payload()) : null;
        };
    }

    /** The text of a chat frame, read without the rest of it. */
    private static @Nullable String protobufText(Buffer frame) {
        String text = "";
        try {
            CodedInputStream in = CodedInputStream.newInstance(
                    ((BufferInternal) frame).getByteBuf().nioBuffer());
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag != CHAT_MESSAGE_TAG) {
                    in.skipField(tag);
                    continue;
                }
                int outer = in.pushLimit(in.readRawVarint32());
                for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
                    if (inner == TEXT_TAG) {
                        text = in.readStringRequireUtf8();
                    } else {
                        in.skipField(inner);
                    }
                }
                in.popLimit(outer);
            }
            return text;
        } catch (IOException malformed) {
            // As below.
            return null;
        }
    }

    private static @Nullable String textMember(byte[] object) {
        String text = null;
        try (JsonParser parser = Json.FACTORY.createParser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isText = parser.currentName().equals("text");
                if (parser.nextToken() == JsonToken.VALUE_STRING && isText) {
                    text = parser.getText();
                }
                parser.skipChildren();
            }
            return text;
        } catch (IOException malformed) {
            // Only a node that does not check its clients' frames says so: not for people then.
            return null;
        }
    }
}
