package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw TCP, on two nodes. */
class TcpTest {

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = new Cluster(
                Backend.MEMORY, 2, node -> node.option("tcp-port", 0).option("packet-port", 0));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void nobody() {
        awaitMembers(0);
    }

    private static TcpClient tcp(int node) {
        return new TcpClient(cluster.node(node).tcpPort().orElseThrow());
    }

    private static void awaitMembers(int count) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> cluster.json(0, "/ws/lobby/stats").getInteger("connection_count") == count);
    }

    private static Client chat(int node) {
        Client chat = cluster.chat(node, "lobby");
        return chat.awaitFrame("John Doe joined the room");
    }

    @Test
    @DisplayName("a raw client meets all others in the lobby, by its own name")
    void meets() {
        try (TcpClient tcp = tcp(0);
                TcpClient other = tcp(1)) {
            awaitMembers(2);
            Client relay = cluster.relay(1, "lobby?user_id=ann");
            tcp.send(PacketBytes.say("h\u00e9llo"));
            JsonObject said = new JsonObject(relay.frames(1).get(0));
            String name = said.getString("from");
            assertThat(name).matches("TCP-[A-Za-z0-9_-]{1,26}");
            assertThat(said.getString("text")).isEqualTo("h\u00e9llo");
            assertThat(other.heard()).isEqualTo(name + ": h\u00e9llo");
            relay.say("hi");
            assertThat(tcp.heard()).isEqualTo("ann: hi");
            JsonObject stats = cluster.json(1, "/ws/lobby/stats");
            List<String> transports = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            stats.getJsonArray("connections").forEach(each -> {
                transports.add(((JsonObject) each).getString("transport"));
                ids.add(((JsonObject) each).getString("id"));
            });
            assertThat(transports).containsExactlyInAnyOrder("tcp", "tcp", "websocket");
            assertThat(ids).doesNotHaveDuplicates();
            relay.close();
        }
    }

    @Test
    @DisplayName("T05: 200 packets in one piece, and one in as many pieces as it has bytes")
    void pieces() {
        Client chat = chat(1);
        try (TcpClient tcp = tcp(0)) {
            awaitMembers(2);
            List<byte[]> many = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                many.add(PacketBytes.say("\u00e9 " + i));
            }
            tcp.send(many.toArray(byte[][]::new));
            for (byte each : PacketBytes.say("l\u00e4st")) {
                tcp.send(new byte[] {each});
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> chat.got.size() == 203);
            for (int i = 0; i < 200; i++) {
                assertThat(chat.got.get(2 + i)).endsWith("]: \u00e9 " + i);
            }
            assertThat(chat.got.get(202)).endsWith("]: l\u00e4st");
        }
        chat.close();
    }

    static Stream<Arguments> closing() {
        byte[] undecodable = PacketBytes.frame(new byte[] {(byte) 0xFF, 0, 0});
        return Stream.of(
                Arguments.of("T01 length 0", le(0), ""),
                Arguments.of("T01 length -1", le(-1), ""),
                Arguments.of("T01 length 2^31-1", le(Integer.MAX_VALUE), ""),
                Arguments.of("T01 one byte over the limit", le((10 << 20) + 1), ""),
                Arguments.of("undecodable", undecodable, ""),
                Arguments.of("bytes behind the packet", PacketBytes.frame(new byte[] {0, 0, 0, 7}), ""),
                Arguments.of("data undecodable", PacketBytes.packet(PacketBytes.USER_CHAT, 0, new byte[] {9}), ""),
                Arguments.of("T03 http", ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), line("not HTTP or WebSocket")),
                Arguments.of("T03 options", ascii("OPTIONS * HTTP/1.1\r\n\r\n"), line("not HTTP or WebSocket")),
                Arguments.of("T03 tls", hex("16030100c8010000c40303"), line("not TLS")),
                Arguments.of("T04 a line of text", ascii("hello there\n"), line("not text")),
                Arguments.of("T04 returns", ascii("\r\r\r\r\r\r\r\r\r"), line("not text")),
                Arguments.of("T04 a zero inside", ascii("hell\0 there"), ""),
                Arguments.of("T09 v1", ascii("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n"), line("and no PROXY header")),
                Arguments.of("T09 v2", hex("0d0a0d0a000d0a515549540a2111"), line("and no PROXY header")));
    }

    private static byte[] le(long length) {
        return ByteBufUtil.getBytes(Unpooled.buffer().writeLongLE(length));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String hex) {
        return ByteBufUtil.decodeHexDump(hex);
    }

    private static String line(String instead) {
        return "this is the TCP protocol port: it takes packets, " + instead + "\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("what is no packet closes its connection, with a line for those who speak something else")
    void closing(String name, byte[] bytes, String answer) {
        Client chat = chat(1);
        long before = badInput();
        try (TcpClient tcp = tcp(0);
                TcpClient bystander = tcp(0)) {
            awaitMembers(3);
            tcp.send(bytes);
            assertThat(tcp.rest()).isEqualTo(answer);
            awaitMembers(2);
            assertThat(badInput()).isEqualTo(before + 1);
            bystander.send(PacketBytes.say("still here"));
            await().until(() -> chat.got.size() == 3);
        }
        chat.close();
    }

    /** What the node counted against packets, whatever the reason. */
    private static long badInput() {
        return cluster.metrics(0)
                .lines()
                .filter(line -> line.startsWith("muster_bad_input") && line.contains("\"packet\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    @DisplayName("unknown types are dropped and counted, and the connection goes on")
    void unknown() {
        Client chat = chat(1);
        long before = badInput();
        try (TcpClient tcp = tcp(0)) {
            awaitMembers(2);
            tcp.send(
                    PacketBytes.packet("game::Jump", 1, new byte[3]),
                    PacketBytes.packet("", 0, new byte[0]),
                    PacketBytes.packet("muster::Text", 0, PacketBytes.string("forged")),
                    PacketBytes.packet("my::Message", PacketBytes.USER_CHAT_HASH, PacketBytes.string("by hash")));
            await().until(() -> chat.got.size() == 3);
            assertThat(chat.got.get(2)).endsWith("]: by hash");
            assertThat(badInput()).isEqualTo(before + 3);
        }
        chat.close();
    }

    @Test
    @DisplayName("T10: connections that come and go or are reset leave nothing behind")
    void comeAndGo() {
        for (int i = 0; i < 50; i++) {
            TcpClient tcp = tcp(i);
            if (i % 3 == 0) {
                tcp.send(new byte[] {43, 0, 0});
            }
            if (i % 2 == 0) {
                tcp.reset();
            } else {
                tcp.close();
            }
        }
        awaitMembers(0);
        await().until(() -> cluster.json(0, "/ws/stats").getInteger("total_connections") == 0);
        await().until(() -> cluster.nodes.stream().allMatch(node -> node.count() == 0));
    }

    @Test
    @DisplayName("a token makes a name, the wrong one ends the connection")
    void authenticate() {
        Client chat = chat(1);
        try (TcpClient tcp = tcp(0)) {
            awaitMembers(2);
            tcp.send(PacketBytes.authenticate("valid-token"), PacketBytes.say("it is me"));
            assertThat(chat.frames(4).subList(2, 4))
                    .containsExactly("John Doe joined the room", "[John Doe]: it is me");
            chat.say("hello");
            assertThat(tcp.heard()).isEqualTo("John Doe: hello");
        }
        chat.awaitFrame("John Doe left the room");
        try (TcpClient tcp = tcp(0)) {
            tcp.send(PacketBytes.authenticate("wrong"), PacketBytes.say("let me in"));
            assertThat(tcp.rest()).isEmpty();
        }
        chat.say("marker").awaitFrame("[John Doe]: marker");
        assertThat(chat.got).noneMatch(line -> line.contains("let me in"));
        chat.close();
    }

    @Test
    @DisplayName("text from the application comes as a packet, so that the stream stays readable")
    void text() throws Exception {
        try (TcpClient tcp = tcp(0)) {
            awaitMembers(1);
            Client.get(cluster.node(1).sendToAll("to all"));
            Client relay = cluster.relay(0, "lobby?user_id=ann");
            relay.say("next");
            byte[] first = tcp.raw(PacketBytes.packet("muster::Text", textHash(), PacketBytes.string("to all")).length);
            assertThat(first).isEqualTo(PacketBytes.packet("muster::Text", textHash(), PacketBytes.string("to all")));
            assertThat(tcp.heard()).isEqualTo("ann: next");
            relay.close();
        }
    }

    /** FNV-1a of the name. */
    private static long textHash() {
        long hash = 0xcbf29ce484222325L;
        for (byte each : ascii("muster::Text")) {
            hash = (hash ^ each) * 0x100000001b3L;
        }
        return hash;
    }

    @ParameterizedTest
    @DisplayName("the port of its own speaks packets on any path")
    @ValueSource(strings = {"/", "/anything/at/all", "/ws/chat/lobby"})
    void packetPort(String path) {
        try (TcpClient tcp = tcp(1)) {
            awaitMembers(1);
            Client packets = Client.connect(
                    cluster.sockets, cluster.node(0).packetPort().orElseThrow(), path + "?user_id=ann", null);
            packets.say(PacketBytes.say("hi"));
            assertThat(tcp.heard()).isEqualTo("ann: hi");
            packets.close();
        }
    }

    @Test
    @DisplayName("a node that stops says good-bye to raw clients too, and they leave at once")
    void drain() {
        try (Cluster two = new Cluster(Backend.MEMORY, 2, node -> node.option("tcp-port", 0))) {
            Client chat = two.chat(0, "lobby");
            chat.awaitFrame("John Doe joined the room");
            try (TcpClient tcp = new TcpClient(two.node(1).tcpPort().orElseThrow())) {
                tcp.send(PacketBytes.authenticate("valid-token"));
                chat.frames(3);
                Client.get(two.node(1).close());
                assertThat(tcp.rest()).isEmpty();
                assertThat(chat.frames(4)).endsWith("John Doe left the room");
            }
        }
    }
}
