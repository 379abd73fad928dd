package dev.muster.node.protocol.sync;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.session.Answer;
import dev.muster.node.sync.session.Item;
import dev.muster.node.sync.session.SyncWire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Batches and answers as JSON objects. The parts of a batch are written by hand, and a value once for all subscriptions:
 * this is the innermost work of the wire.
 */
final class JsonSyncWire implements SyncWire {

    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    private final ProtocolContext context;
    private final Sync sync;

    /** Names of components as JSON strings; as many as there are components. */
    private final Map<String, byte[]> quoted = new ConcurrentHashMap<>();

    JsonSyncWire(ProtocolContext context) {
        this.context = context;
        this.sync = context.sync().sync();
    }

    @Override
    public void refused(Status status) {
        context.badInput().count(SyncProtocol.NAME, ErrorCode.of(status));
    }

    @Override
    public boolean tellsUnknown() {
        return true;
    }

    @Override
    public boolean tellsMore() {
        return true;
    }

    // ---- batches ----

    @Override
    public void write(ByteBuf to, boolean first, Item item) {
        ascii(to, first ? "{\"op\":\"" : ",{\"op\":\"");
        ascii(to, word(item.op()));
        ascii(to, "\",\"subscriptionId\":");
        ascii(to, Long.toUnsignedString(item.subscriptionId()));
        ascii(to, ",\"entity\":\"");
        ascii(to, item.entity().toString());
        to.writeByte('"');
        if (item.op() != Item.Op.ENTITY_REMOVED) {
            ascii(to, ",\"component\":");
            to.writeBytes(quoted.computeIfAbsent(item.component(), JsonSyncWire::quote));
        }
        if (item.op() == Item.Op.SNAPSHOT || item.op() == Item.Op.UPDATE) {
            ascii(to, ",\"revision\":");
            ascii(to, Long.toString(item.revision()));
            to.writeBytes(value(item));
        }
        to.writeByte('}');
    }

    private static String word(Item.Op op) {
        return switch (op) {
            case SNAPSHOT -> "snapshot";
            case UPDATE -> "update";
            case COMPONENT_REMOVED -> "componentRemoved";
            case ENTITY_REMOVED -> "entityRemoved";
        };
    }

    private static void ascii(ByteBuf to, String text) {
        ByteBufUtil.writeAscii(to, text);
    }

    private static byte[] quote(String text) {
        return bytes(generator -> generator.writeString(text));
    }

    /** {@code ,"value":…}; of a component that this node does not know {@code ,"bytes":…}, its bincode in base64. */
    private byte[] value(Item item) {
        byte[] kept = item.kept();
        if (kept == null) {
            kept = member(item);
            item.keep(kept);
        }
        return kept;
    }

    private byte[] member(Item item) {
        ComponentType<?> type = sync.find(item.component());
        if (type != null) {
            try {
                return member("value", generator -> type.writeJson(generator, item.bytes()));
            } catch (SyncException otherBytes) {
                // Of a program that has another record of that name: as good as unknown.
            }
        }
        return member("bytes", generator -> generator.writeBinary(item.bytes()));
    }

    private static byte[] member(String name, Json.Members value) {
        byte[] object = bytes(generator -> {
            generator.writeStartObject();
            generator.writeFieldName(name);
            value.write(generator);
            generator.writeEndObject();
        });
        // A continuation of the object that it goes into: a comma in place of its brace, and its end left out.
        object[0] = ',';
        return Arrays.copyOf(object, object.length - 1);
    }

    private static byte[] bytes(Json.Members value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        try (JsonGenerator generator = Json.FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
            value.write(generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    @Override
    public ByteBuf batch(Batch batch, List<ByteBuf> parts, Framing framing) {
        ByteBuf frame = Unpooled.buffer(64 + END.length + parts.size() + sizeOf(parts));
        ascii(frame, "{\"type\":\"batch\"");
        ids(frame, ",\"initial\":[", batch.initial());
        ids(frame, ",\"more\":[", batch.more());
        ascii(frame, ",\"items\":[");
        boolean first = true;
        for (ByteBuf part : parts) {
            if (part.isReadable()) {
                if (!first) {
                    frame.writeByte(',');
                }
                first = false;
                frame.writeBytes(part, part.readerIndex(), part.readableBytes());
            }
        }
        return framing.text(frame.writeBytes(END));
    }

    private static int sizeOf(List<ByteBuf> parts) {
        int bytes = 0;
        for (ByteBuf part : parts) {
            bytes += part.readableBytes();
        }
        return bytes;
    }

    private static void ids(ByteBuf frame, String start, List<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        ascii(frame, start);
        for (int i = 0; i < ids.size(); i++) {
            ascii(frame, i == 0 ? "" : ",");
            ascii(frame, Long.toUnsignedString(ids.get(i)));
        }
        frame.writeByte(']');
    }

    // ---- answers ----

    @Override
    public ByteBuf answer(Answer answer, Framing framing) {
        return framing.text(Json.object(generator -> {
            if (answer instanceof Answer.Mutated mutated) {
                write(mutated, generator);
            } else if (answer instanceof Answer.Rows rows) {
                write(rows, generator);
            } else if (answer instanceof Answer.Controlled controlled) {
                write(controlled, generator);
            } else if (answer instanceof Answer.Refused refused) {
                write(refused, generator);
            }
        }));
    }

    private static void write(Answer.Mutated mutated, JsonGenerator generator) throws IOException {
        generator.writeStringField("type", "mutationResponse");
        id(generator, "requestId", mutated.requestId());
        generator.writeStringField("status", Words.of(mutated.status()));
        if (mutated.entity() != null) {
            generator.writeStringField("entity", mutated.entity().toString());
        }
        if (mutated.revision() != null) {
            generator.writeNumberField("revision", mutated.revision());
        }
        message(generator, "message", mutated.message());
    }

    private static void write(Answer.Rows rows, JsonGenerator generator) throws IOException {
        generator.writeStringField("type", "queryResponse");
        id(generator, "queryId", rows.queryId());
        generator.writeStringField("status", Words.of(rows.status()));
        List<String> all = rows.rows();
        if (all != null) {
            generator.writeArrayFieldStart("rows");
            for (String row : all) {
                generator.writeRawValue(row);
            }
            generator.writeEndArray();
        }
        message(generator, "error", rows.error());
    }

    private static void write(Answer.Controlled controlled, JsonGenerator generator) throws IOException {
        generator.writeStringField("type", "control");
        id(generator, "requestId", controlled.requestId());
        generator.writeStringField("status", Words.of(controlled.outcome()));
        if (controlled.outcome() == Answer.Outcome.ALREADY_CONTROLLED) {
            generator.writeNumberField("by", Integer.toUnsignedLong(controlled.by()));
        }
        message(generator, "message", controlled.message());
    }

    private static void write(Answer.Refused refused, JsonGenerator generator) throws IOException {
        generator.writeStringField("type", "error");
        if (refused.subscriptionId() != null) {
            id(generator, "subscriptionId", refused.subscriptionId());
        }
        generator.writeStringField("status", Words.of(refused.status()));
        generator.writeStringField("message", refused.message());
    }

    /** An unsigned number, or null. */
    static void id(JsonGenerator generator, String name, @Nullable Long id) throws IOException {
        if (id == null) {
            generator.writeNullField(name);
        } else {
            generator.writeFieldName(name);
            generator.writeNumber(Long.toUnsignedString(id));
        }
    }

    private static void message(JsonGenerator generator, String name, @Nullable String message) throws IOException {
        if (message != null) {
            generator.writeStringField(name, message);
        }
    }
}
