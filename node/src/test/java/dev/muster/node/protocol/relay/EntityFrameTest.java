package dev.muster.node.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.EntityDespawn;
import dev.muster.node.schema.RelaySchema.EntitySpawn;
import dev.muster.node.schema.RelaySchema.EntityUpdate;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntityFrameTest {

    private static final byte[] NOBODY = {};

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder().setMessageId("m").setTimestamp(1).setType(type);
    }

    private static Message.Builder spawn(String id) {
        return message(MessageType.ENTITY_SPAWN)
                .setEntitySpawn(EntitySpawn.newBuilder()
                        .setEntityId(id)
                        .setTemplateId("crate")
                        .setOwnerId("me")
                        .putComponents("Name", "{\"name\":\"ä\"}")
                        .putComponents("Tags", "{}"));
    }

    private static Message.Builder update(String id) {
        return message(MessageType.ENTITY_UPDATE)
                .setEntityUpdate(EntityUpdate.newBuilder()
                        .setEntityId(id)
                        .putComponents("Name", ByteString.copyFromUtf8("{\"name\":\"ä\"}")));
    }

    private static Message.Builder despawn(String id) {
        return message(MessageType.ENTITY_DESPAWN)
                .setEntityDespawn(EntityDespawn.newBuilder().setEntityId(id));
    }

    private static EntityFrame read(byte[] frame) throws EntityFrame.Invalid {
        return EntityFrame.of(ProtobufFrame.of(Buffer.buffer(frame), NOBODY), Buffer.buffer(frame));
    }

    private static byte[] joined(Message.Builder... parts) {
        Buffer all = Buffer.buffer();
        for (Message.Builder part : parts) {
            all.appendBytes(part.build().toByteArray());
        }
        return all.getBytes();
    }

    @Test
    @DisplayName("an entity's id and components are what the generated parser reads")
    void reads() throws EntityFrame.Invalid {
        EntityFrame spawned = read(joined(spawn("box")));
        assertThat(spawned.id()).isEqualTo("box");
        assertThat(spawned.components())
                .containsExactlyInAnyOrderEntriesOf(Map.of("Name", "{\"name\":\"ä\"}", "Tags", "{}"));
        EntityFrame updated = read(joined(update("box")));
        assertThat(updated.id()).isEqualTo("box");
        assertThat(updated.components()).containsExactly(Map.entry("Name", "{\"name\":\"ä\"}"));
        assertThat(read(joined(despawn("box"))).id()).isEqualTo("box");
    }

    static Stream<Arguments> wrong() {
        EntitySpawn.Builder many = EntitySpawn.newBuilder().setEntityId("box");
        for (int i = 0; i <= EntityFrame.MAX_COMPONENTS; i++) {
            many.putComponents("C" + i, "{}");
        }
        Message.Builder chat =
                Message.newBuilder().setChatMessage(ChatMessage.newBuilder().setMessage("hi"));
        String nothingElse = "and nothing else";
        return Stream.of(
                arguments("no payload", joined(message(MessageType.ENTITY_SPAWN)), nothingElse),
                arguments("another's payload", joined(update("box").setType(MessageType.ENTITY_SPAWN)), nothingElse),
                arguments("another type", joined(spawn("box").setType(MessageType.POSITION_UPDATE)), nothingElse),
                arguments("no type", joined(spawn("box").setType(MessageType.UNKNOWN)), nothingElse),
                arguments("two of it", joined(spawn("box"), spawn("box")), nothingElse),
                arguments("a chat before it", joined(chat, spawn("box")), nothingElse),
                arguments("a chat behind it", joined(spawn("box"), chat), nothingElse),
                arguments("no id", joined(spawn("")), "entity_id must not be empty"),
                arguments("no id in an update", joined(update("")), "entity_id must not be empty"),
                arguments("no id in a despawn", joined(despawn("")), "entity_id must not be empty"),
                arguments(
                        "too many components",
                        joined(message(MessageType.ENTITY_SPAWN).setEntitySpawn(many)),
                        "at most 256 components"),
                arguments(
                        "bytes that are no text",
                        joined(message(MessageType.ENTITY_UPDATE)
                                .setEntityUpdate(EntityUpdate.newBuilder()
                                        .setEntityId("box")
                                        .putComponents("Name", ByteString.fromHex("c328")))),
                        "JSON in UTF-8"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("a frame that is not one change of one entity is told what is wrong")
    void wrong(String what, byte[] frame, String sentence) {
        ProtobufFrame looked = ProtobufFrame.of(Buffer.buffer(frame), NOBODY);
        assertThat(looked.isMessage()).isTrue();
        assertThat(looked.isAboutEntities()).isTrue();
        assertThatThrownBy(() -> read(frame)).hasMessageContaining(sentence);
    }

    private static final List<byte[]> SEEDS = List.of(
            joined(spawn("box")),
            joined(update("box")),
            joined(despawn("box")),
            joined(spawn("a").setTimestamp(7)),
            // Of two entries with one key the later counts.
            joined(message(MessageType.ENTITY_SPAWN)
                    .setEntitySpawn(EntitySpawn.newBuilder().setEntityId("b").putComponents("A", "1"))));

    @Property(tries = 5000)
    void readsWhatTheGeneratedParserReads(@ForAll long seed) throws InvalidProtocolBufferException {
        Random random = new Random(seed);
        byte[] frame = SEEDS.get(random.nextInt(SEEDS.size())).clone();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            frame = changed(frame, random);
        }
        ProtobufFrame looked = ProtobufFrame.of(Buffer.buffer(frame), NOBODY);
        if (!looked.isMessage() || !looked.isAboutEntities()) {
            return;
        }
        Message parsed = Message.parseFrom(frame);
        try {
            EntityFrame read = read(frame);
            assertThat(List.of(read.id(), read.components())).isEqualTo(expected(parsed));
        } catch (EntityFrame.Invalid refused) {
            assertThat(refused.sentence()).isNotBlank();
        }
    }

    private static List<Object> expected(Message parsed) {
        return switch (parsed.getPayloadCase()) {
            case ENTITY_SPAWN ->
                List.of(
                        parsed.getEntitySpawn().getEntityId(),
                        parsed.getEntitySpawn().getComponentsMap());
            case ENTITY_UPDATE -> {
                Map<String, String> components = new HashMap<>();
                parsed.getEntityUpdate()
                        .getComponentsMap()
                        .forEach((name, value) -> components.put(name, value.toStringUtf8()));
                yield List.of(parsed.getEntityUpdate().getEntityId(), components);
            }
            case ENTITY_DESPAWN -> List.of(parsed.getEntityDespawn().getEntityId(), Map.of());
            default -> List.of("refused");
        };
    }

    private static byte[] changed(byte[] frame, Random random) {
        int at = random.nextInt(frame.length + 1);
        byte[] head = Arrays.copyOf(frame, at);
        byte[] tail = Arrays.copyOfRange(frame, at, frame.length);
        Buffer changed = Buffer.buffer(head);
        switch (random.nextInt(4)) {
            case 0 -> {
                // cut
            }
            case 1 -> changed.appendByte((byte) random.nextInt()).appendBytes(tail);
            case 2 -> changed.appendBytes(tail).appendBytes(SEEDS.get(random.nextInt(SEEDS.size())));
            default -> {
                changed.appendBytes(tail);
                if (at < frame.length) {
                    changed.setByte(at, (byte) random.nextInt());
                }
            }
        }
        return changed.getBytes();
    }
}
