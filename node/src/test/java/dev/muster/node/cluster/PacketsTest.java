package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets in WebSocket frames, on two nodes. */
class PacketsTest {

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = new Cluster(Backend.MEMORY, 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void awaitMembers(int count) {
        await().until(() -> cluster.json(0, "/ws/lobby/stats").getInteger("connection_count") == count);
    }

    private static String heard(String frame) {
        return PacketBytes.heard(ByteBufUtil.decodeHexDump(frame.substring(2)));
    }

    @ParameterizedTest
    @DisplayName("what one says all others hear, each in its own form, on all three paths")
    @ValueSource(strings = {"/ws/packet", "/", "/sync"})
    void paths(String path) {
        awaitMembers(0);
        Client packets = cluster.open(0, path + "?user_id=ann", null);
        Client other = cluster.open(1, path, null);
        Client chat = cluster.chat(1, "lobby");
        chat.awaitFrame("John Doe joined the room");
        awaitMembers(3);
        packets.say(PacketBytes.say("h\u00e9llo"));
        chat.awaitFrame("[ann]: h\u00e9llo").say("hi ann");
        assertThat(heard(other.frames(2).get(0))).isEqualTo("ann: h\u00e9llo");
        assertThat(heard(other.got.get(1))).isEqualTo("John Doe: hi ann");
        assertThat(heard(packets.frames(1).get(0))).isEqualTo("John Doe: hi ann");
        List.of(packets, other, chat).forEach(Client::close);
    }

    @Test
    @DisplayName("packets may come in any portions")
    void portions() {
        awaitMembers(0);
        Client packets = cluster.open(0, "/ws/packet", null);
        awaitMembers(1);
        Client relay = cluster.relay(1, "lobby");
        byte[] two = (new String(PacketBytes.say("a"), StandardCharsets.ISO_8859_1)
                        + new String(PacketBytes.say("b"), StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
        packets.say(two);
        for (byte each : two) {
            packets.say(new byte[] {each});
        }
        assertThat(relay.frames(4).stream().map(frame -> new JsonObject(frame).getString("text")))
                .containsExactly("a", "b", "a", "b");
        packets.close();
        relay.close();
    }

    @Test
    @DisplayName("unknown types are dropped, and the connection goes on")
    void unknown() {
        awaitMembers(0);
        Client packets = cluster.open(0, "/ws/packet", null);
        Client relay = cluster.relay(0, "lobby");
        awaitMembers(2);
        packets.say(PacketBytes.packet("shared_types::Emote", 7, new byte[] {1, 2, 3}))
                .say(PacketBytes.packet("shared_types::NewChatMessage", 0, PacketBytes.string("x")))
                .say(PacketBytes.packet(
                        "a::b::UserChatMessage", PacketBytes.USER_CHAT_HASH, PacketBytes.string("by hash")));
        assertThat(relay.frames(1).get(0)).contains("by hash");
        packets.close();
        relay.close();
    }

    @Test
    @DisplayName("what cannot be decoded closes that connection")
    void undecodable() {
        byte[] good = PacketBytes.say("x");
        byte[] tooLong = good.clone();
        Arrays.fill(tooLong, 0, 8, (byte) 0xFF);
        assertThat(closeCode(tooLong)).isEqualTo(1009);
        assertThat(closeCode(PacketBytes.frame(new byte[0]))).isEqualTo(1002);
        assertThat(closeCode(PacketBytes.frame(new byte[] {(byte) 0xFF, 0, 0}))).isEqualTo(1002);
        assertThat(closeCode(PacketBytes.packet(PacketBytes.USER_CHAT, 0, new byte[] {5, 'x'})))
                .isEqualTo(1002);
        assertThat(closeCode(PacketBytes.packet(PacketBytes.USER_CHAT, 0, new byte[] {2, (byte) 0xC3, '('})))
                .isEqualTo(1002);
        Client text = cluster.open(0, "/ws/packet", null).say("hello");
        assertThat(text.closeCode()).isEqualTo(1003);
    }

    private static int closeCode(byte[] bytes) {
        return cluster.open(0, "/ws/packet", null).say(bytes).closeCode();
    }

    @Test
    @DisplayName("who asks for entities first is no member any more, but may speak")
    void sync() {
        awaitMembers(0);
        Client packets = cluster.open(0, "/ws/packet?user_id=eve", null);
        Client chat = cluster.chat(1, "lobby");
        awaitMembers(2);
        chat.awaitFrame("John Doe joined the room");
        packets.say(PacketBytes.packet(
                "eventwork_sync::messages::SyncClientMessage", 0xd5112cc65bc742e7L, new byte[] {1, 0}));
        chat.awaitFrame("eve left the room").say("are you there?");
        packets.say(PacketBytes.say("no"));
        chat.awaitFrame("[eve]: no");
        assertThat(packets.got).isEmpty();
        packets.close();
        chat.close();
    }

    @Test
    @DisplayName("a packet of more than a mebibyte passes")
    void large() {
        awaitMembers(0);
        Client packets = cluster.open(0, "/ws/packet", null);
        Client chat = cluster.chat(0, "lobby");
        awaitMembers(2);
        String text = "x".repeat(2 << 20);
        chat.awaitFrame("John Doe joined the room");
        packets.say(PacketBytes.say(text));
        await().until(() -> chat.got.size() >= 3);
        assertThat(chat.got.get(2)).hasSizeGreaterThan(2 << 20).endsWith("xxx");
        packets.close();
        chat.close();
    }

    @Test
    @DisplayName("the page is still there for who asks without an upgrade")
    void page() {
        assertThat(cluster.get(0, "/").statusCode()).isEqualTo(200);
        assertThat(cluster.get(0, "/ws/packet").statusCode()).isEqualTo(400);
    }
}
