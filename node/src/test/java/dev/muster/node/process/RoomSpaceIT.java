package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.EntitySpawn;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.WorldState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rooms that the command line gives a space. */
class RoomSpaceIT {

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder().setMessageId("m").setTimestamp(1).setType(type);
    }

    @Test
    @DisplayName("what a protobuf member spawns, a client of the space is told of, and a hello shows")
    void spawned() throws InvalidProtocolBufferException {
        try (MusterProcess node = MusterProcess.node("--registry", "memory", "--room-space", "stage-*=world")
                        .awaitReady();
                WsClient json = WsClient.connect(node.ws("/ws/sync"));
                WsClient sender = WsClient.relay(node.ws("/ws/stage-1?binary=protobuf&client_id=sender"))) {
            json.say("{\"type\":\"subscribe\",\"subscriptionId\":1,\"component\":\"Name\"}");
            sender.say(message(MessageType.ENTITY_SPAWN)
                    .setEntitySpawn(
                            EntitySpawn.newBuilder().setEntityId("box").putComponents("Name", "{\"name\":\"A box\"}"))
                    .build()
                    .toByteArray());
            json.awaitFrame(frame -> {
                JsonArray items = new JsonObject(frame).getJsonArray("items", new JsonArray());
                return !items.isEmpty() && items.encode().contains("A box");
            });
            sender.say(message(MessageType.CLIENT_HELLO).build().toByteArray());
            String hello = sender.awaitFrame(frame -> frame.startsWith("0x"));
            WorldState world = Message.parseFrom(HexFormat.of().parseHex(hello.substring(2)))
                    .getServerHello()
                    .getInitialState();
            assertThat(world.getEntitiesList()).hasSize(1);
            assertThat(world.getEntities(0).getId()).isEqualTo("box");
            assertThat(world.getEntities(0).getComponentsMap()).containsEntry("Name", "{\"name\":\"A box\"}");
        }
    }
}
