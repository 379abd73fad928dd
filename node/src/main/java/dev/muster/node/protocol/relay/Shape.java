package dev.muster.node.protocol.relay;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.muster.node.schema.RelaySchema;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the fields of a type in the schema are, as far as checking a frame has to know. */
final class Shape {

    /** What has to be looked into. */
    enum Content {
        NUMBER,
        BYTES,
        TEXT,
        MESSAGE
    }

    /**
     * A field.
     *
     * @param tag its number and wire type; with another wire type it is an unknown field
     * @param shape of a message; null for all else
     */
    record Field(
            int number, int tag, Content content, @Nullable Shape shape) {}

    private static final Map<Descriptor, Shape> ALL = new HashMap<>();

    static final Shape MESSAGE = of(RelaySchema.Message.getDescriptor());
    static final Shape CHAT_MESSAGE = of(RelaySchema.ChatMessage.getDescriptor());
    static final Shape PRESENCE_EVENT = of(RelaySchema.PresenceEvent.getDescriptor());
    static final Shape PRESENCE_DATA = of(RelaySchema.PresenceData.getDescriptor());

    /** By number. */
    private final @Nullable Field[] fields;

    private Shape(Descriptor type) {
        int highest = type.getFields().stream()
                .mapToInt(FieldDescriptor::getNumber)
                .max()
                .orElse(0);
        fields = new Field[highest + 1];
        for (FieldDescriptor field : type.getFields()) {
            fields[field.getNumber()] = field(field);
        }
    }

    /** Before anybody else sees them: in the initialisation of this class only. */
    private static Shape of(Descriptor type) {
        Shape known = ALL.get(type);
        if (known != null) {
            return known;
        }
        // The schema has no type that contains itself.
        Shape shape = new Shape(type);
        ALL.put(type, shape);
        return shape;
    }

    private static Field field(FieldDescriptor field) {
        int wireType = field.getLiteType().getWireType();
        Content content = switch (field.getJavaType()) {
            case STRING -> Content.TEXT;
            case BYTE_STRING -> Content.BYTES;
            case MESSAGE -> Content.MESSAGE;
            default -> Content.NUMBER;
        };
        if (field.isPackable()) {
            throw new IllegalStateException("repeated numbers are not looked into, but the schema has " + field);
        }
        Shape shape = content == Content.MESSAGE ? of(field.getMessageType()) : null;
        return new Field(field.getNumber(), field.getNumber() << 3 | wireType, content, shape);
    }

    /** The field of a tag; null if it is unknown. */
    @Nullable
    Field field(int tag) {
        int number = WireFormat.getTagFieldNumber(tag);
        Field field = number < fields.length ? fields[number] : null;
        return field != null && field.tag() == tag ? field : null;
    }
}
