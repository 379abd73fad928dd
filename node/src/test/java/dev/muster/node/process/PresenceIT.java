package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is the host, when the node that held the one before is killed. */
class PresenceIT {

    @ParameterizedTest
    @EnumSource(Cluster.Kind.class)
    @DisplayName("when a node is killed, each of its members leaves once, and the next host is the same on all nodes")
    void killed(Cluster.Kind kind) {
        try (Cluster cluster = new Cluster(kind, 3);
                WsClient first = protobuf(cluster, 0, "first");
                WsClient second = protobuf(cluster, 0, "second");
                WsClient third = protobuf(cluster, 1, "third");
                WsClient fourth = protobuf(cluster, 2, "fourth")) {
            assertThat(host(third, MessageType.PRESENCE_JOIN, "fourth")).isEqualTo("first");
            assertThat(first.isOpen() && second.isOpen()).isTrue();

            cluster.node(0).signal("KILL");

            for (WsClient left : List.of(third, fourth)) {
                // In one moment, in whatever order they are found: the last of the two says who remains.
                host(left, MessageType.PRESENCE_LEAVE, "first");
                host(left, MessageType.PRESENCE_LEAVE, "second");
                List<Message> leaves = left.got().stream()
                        .map(PresenceIT::parsed)
                        .filter(message -> message.getType() == MessageType.PRESENCE_LEAVE)
                        .toList();
                assertThat(leaves).hasSize(2);
                assertThat(leaves.get(1).getPresenceEvent().getData().getHostClientId())
                        .isEqualTo("third");
            }
            try (WsClient fifth = protobuf(cluster, 2, "fifth")) {
                assertThat(fifth.isOpen()).isTrue();
                assertThat(host(third, MessageType.PRESENCE_JOIN, "fifth")).isEqualTo("third");
                assertThat(host(fourth, MessageType.PRESENCE_JOIN, "fifth")).isEqualTo("third");
            }
        }
    }

    private static WsClient protobuf(Cluster cluster, int node, String clientId) {
        return WsClient.relay(cluster.node(node).ws("/ws/stage?binary=protobuf&client_id=" + clientId));
    }

    private static String host(WsClient client, MessageType type, String clientId) {
        Message message = parsed(client.awaitFrame(
                frame -> {
                    Message next = parsed(frame);
                    return next.getType() == type
                            && next.getPresenceEvent().getClientId().equals(clientId);
                },
                Patience.LONG));
        return message.getPresenceEvent().getData().getHostClientId();
    }

    private static Message parsed(String frame) {
        if (!frame.startsWith("0x")) {
            return Message.getDefaultInstance();
        }
        try {
            return Message.parseFrom(HexFormat.of().parseHex(frame.substring(2)));
        } catch (InvalidProtocolBufferException notOurs) {
            throw new AssertionError(frame, notOurs);
        }
    }
}
