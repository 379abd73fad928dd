package dev.muster.node.protocol.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.muster.node.schema.RelaySchema.EntityDespawn;
import dev.muster.node.schema.RelaySchema.EntitySpawn;
import dev.muster.node.schema.RelaySchema.EntityUpdate;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.sync.external.ExternalClient;
import dev.muster.node.sync.external.Spawn;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a frame wants with an entity, read from a frame that {@link ProtobufFrame} took for a message. Nothing is kept of what
 * nobody asks for, and not more components than a client can have meant.
 */
final class EntityFrame {

    /** More components than a space is likely to have types of. */
    static final int MAX_COMPONENTS = 256;

    /** What is wrong with a frame, as its sender is told. */
    static final class Invalid extends Exception {

        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message, null, false, false);
        }

        String sentence() {
            return String.valueOf(getMessage());
        }
    }

    private static final int LENGTH = WireFormat.WIRETYPE_LENGTH_DELIMITED;
    /** The same in all three. */
    private static final int ID = EntitySpawn.ENTITY_ID_FIELD_NUMBER << 3 | LENGTH;

    private static final int TEMPLATE = EntitySpawn.TEMPLATE_ID_FIELD_NUMBER << 3 | LENGTH;
    private static final int OWNER = EntitySpawn.OWNER_ID_FIELD_NUMBER << 3 | LENGTH;
    private static final int SPAWNED = EntitySpawn.COMPONENTS_FIELD_NUMBER << 3 | LENGTH;
    private static final int UPDATED = EntityUpdate.COMPONENTS_FIELD_NUMBER << 3 | LENGTH;
    private static final int KEY = 1 << 3 | LENGTH;
    private static final int VALUE = 2 << 3 | LENGTH;

    static {
        if (EntityUpdate.ENTITY_ID_FIELD_NUMBER << 3 != ID - LENGTH
                || EntityDespawn.ENTITY_ID_FIELD_NUMBER << 3 != ID - LENGTH) {
            throw new IllegalStateException("the schema has the id of an entity elsewhere");
        }
    }

    private final int payload;
    private String id = "";
    private String template = "";
    private String owner = "";
    private final Map<String, String> components = new LinkedHashMap<>();
    private int count;

    private EntityFrame(int payload) {
        this.payload = payload;
    }

    /**
     * Reads a frame.
     *
     * @param looked at {@code frame}; is about entities
     * @throws Invalid if it is not one change of one entity
     */
    static EntityFrame of(ProtobufFrame looked, Buffer frame) throws Invalid {
        int payload = looked.onlyPayload();
        if (payload == 0 || payload != payloadOf(looked.type())) {
            throw new Invalid("a message about an entity has the entity_spawn, entity_update or entity_despawn"
                    + " that its type says, and nothing else");
        }
        EntityFrame read = new EntityFrame(payload);
        try {
            read.find(CodedInputStream.newInstance(
                    ((BufferInternal) frame).getByteBuf().nioBuffer()));
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalStateException("the frame was looked at before", malformed);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (read.id.isEmpty()) {
            throw new Invalid("entity_id must not be empty");
        }
        return read;
    }

    private static int payloadOf(int type) {
        return switch (type) {
            case MessageType.ENTITY_SPAWN_VALUE -> Message.ENTITY_SPAWN_FIELD_NUMBER;
            case MessageType.ENTITY_UPDATE_VALUE -> Message.ENTITY_UPDATE_FIELD_NUMBER;
            case MessageType.ENTITY_DESPAWN_VALUE -> Message.ENTITY_DESPAWN_FIELD_NUMBER;
            default -> -1;
        };
    }

    private void find(CodedInputStream in) throws IOException, Invalid {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == (payload << 3 | LENGTH)) {
                int outer = in.pushLimit(in.readRawVarint32());
                entity(in);
                in.popLimit(outer);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void entity(CodedInputStream in) throws IOException, Invalid {
        boolean spawns = payload == Message.ENTITY_SPAWN_FIELD_NUMBER;
        int entries = spawns ? SPAWNED : payload == Message.ENTITY_UPDATE_FIELD_NUMBER ? UPDATED : 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ID) {
                id = in.readStringRequireUtf8();
            } else if (tag == entries) {
                int outer = in.pushLimit(in.readRawVarint32());
                component(in);
                in.popLimit(outer);
            } else if (spawns && tag == TEMPLATE) {
                template = in.readStringRequireUtf8();
            } else if (spawns && tag == OWNER) {
                owner = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
    }

    /** An entry of the map: of two with one key the later counts, as in every protobuf. */
    private void component(CodedInputStream in) throws IOException, Invalid {
        if (++count > MAX_COMPONENTS) {
            throw new Invalid("at most " + MAX_COMPONENTS + " components may be set at once");
        }
        String name = "";
        ByteString value = ByteString.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == KEY) {
                name = in.readStringRequireUtf8();
            } else if (tag == VALUE) {
                value = in.readBytes();
            } else {
                in.skipField(tag);
            }
        }
        if (!value.isValidUtf8()) {
            throw new Invalid("the value of a component must be JSON in UTF-8");
        }
        components.put(name, value.toStringUtf8());
    }

    /** What the entity is called. */
    String id() {
        return id;
    }

    /** What is to be set; for tests. */
    Map<String, String> components() {
        return components;
    }

    /** Does it. */
    Future<Void> apply(ExternalClient client) {
        return switch (payload) {
            case Message.ENTITY_SPAWN_FIELD_NUMBER -> client.spawn(new Spawn(id, template, owner, components));
            case Message.ENTITY_UPDATE_FIELD_NUMBER -> client.update(id, components);
            default -> client.despawn(id);
        };
    }
}
