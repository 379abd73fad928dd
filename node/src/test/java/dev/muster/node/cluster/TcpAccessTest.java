package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.auth.TokenMint;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Raw sockets where a token is needed: the first packet says who it is, or nobody has heard of the client. */
class TcpAccessTest {

    private static final String SECRET = "7c0b9f2e4d6a48c1b3e5f7a9d1c3e5f7";

    private Cluster cluster;
    private Client chat;

    @BeforeEach
    void start() {
        cluster = new Cluster(
                Backend.MEMORY,
                2,
                node -> node.option("jwt-secret", SECRET)
                        .option("ops-port", "0")
                        .option("tcp-port", 0));
        chat = cluster.open(1, "/ws/chat/lobby", token("watcher"));
        chat.awaitFrame("WATCHER joined the room");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String token(String user, Duration lifetime, String... roles) {
        return new TokenMint(user, user.toUpperCase(), null, Set.copyOf(Arrays.asList(roles)), lifetime, null, null)
                .mint(SECRET, Instant.now());
    }

    private static String token(String user, String... roles) {
        return token(user, Duration.ofHours(1), roles);
    }

    private TcpClient tcp() {
        return new TcpClient(cluster.node(0).tcpPort().orElseThrow());
    }

    private static byte[] login(String token) {
        return PacketBytes.authenticate(token);
    }

    @Test
    @DisplayName("a token makes a member with the token's name, and what comes right behind it is said under that name")
    void in() {
        try (TcpClient tcp = tcp()) {
            tcp.send(login(token("ann")), PacketBytes.say("one"), PacketBytes.say("two"));
            assertThat(chat.frames(5).subList(2, 5)).containsExactly("ANN joined the room", "[ANN]: one", "[ANN]: two");
            chat.say("hello");
            assertThat(tcp.heard()).isEqualTo("WATCHER: hello");
        }
        chat.awaitFrame("ANN left the room");
        try (TcpClient tcp = tcp()) {
            for (byte each : login(token("bob"))) {
                tcp.send(new byte[] {each});
            }
            chat.awaitFrame("BOB joined the room");
        }
    }

    static Stream<Arguments> strangers() {
        return Stream.of(
                Arguments.of("another packet", PacketBytes.say("let me in"), ""),
                Arguments.of("the token of development", login("valid-token"), ""),
                Arguments.of("no token", login(""), ""),
                Arguments.of("a token of somebody else's", login(token("ann") + "x"), ""),
                Arguments.of("a token without this room", login(token("ann", "join:elsewhere")), ""),
                Arguments.of("more than a token", PacketBytes.frame(new byte[(16 << 10) + 1]), ""),
                Arguments.of("no packet", PacketBytes.frame(new byte[] {(byte) 0xFF}), ""),
                Arguments.of(
                        "http",
                        "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        "this is the TCP protocol port: it takes packets, not HTTP or WebSocket\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    @DisplayName("whoever says something else is shut out, and nobody hears of it")
    void shutOut(String name, byte[] first, String answer) {
        try (TcpClient tcp = tcp()) {
            tcp.send(first, PacketBytes.say("let me in"));
            assertThat(tcp.rest()).isIn(answer, "reset");
        }
        chat.say("marker");
        assertThat(chat.frames(3)).endsWith("[WATCHER]: marker");
    }

    @Test
    @DisplayName(
            "T07: whoever says nothing, or only half of it, is shut out after five seconds; before, it is nobody's peer")
    void silent() {
        long began = System.nanoTime();
        try (TcpClient silent = tcp();
                TcpClient slow = tcp()) {
            slow.send(Arrays.copyOf(login(token("ann")), 40));
            chat.say("hello");
            assertThat(silent.rest()).isEmpty();
            assertThat(slow.rest()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(4));
        }
        assertThat(chat.frames(3)).endsWith("[WATCHER]: hello");
    }

    @Test
    @DisplayName("a connection ends with its token, unless a newer one of the same user comes in time")
    void expiry() {
        try (TcpClient goes = tcp();
                TcpClient stays = tcp();
                TcpClient changes = tcp()) {
            Duration soon = Duration.ofSeconds(4);
            goes.send(login(token("goes", soon)));
            stays.send(login(token("stays", soon)));
            changes.send(login(token("changes", soon)));
            chat.awaitFrame("GOES joined the room")
                    .awaitFrame("STAYS joined the room")
                    .awaitFrame("CHANGES joined the room");
            stays.send(login(token("stays")));
            changes.send(login(token("goes")));
            assertThat(changes.rest()).isEmpty();
            chat.awaitFrame("CHANGES left the room");
            assertThat(goes.rest()).isEmpty();
            chat.awaitFrame("GOES left the room");
            stays.send(PacketBytes.say("still here"));
            chat.awaitFrame("[STAYS]: still here");
        }
    }

    @Test
    @DisplayName("a token that is taken back ends raw sockets too, and lets nobody in")
    void revoked() {
        String ann = token("ann");
        try (TcpClient tcp = tcp()) {
            tcp.send(login(ann));
            chat.awaitFrame("ANN joined the room");
            int ops = cluster.node(1).opsPort().getAsInt();
            assertThat(cluster.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ops + "/admin/revoke"))
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"ann\"}"))
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(tcp.rest()).isEmpty();
            chat.awaitFrame("ANN left the room");
        }
        try (TcpClient again = tcp()) {
            again.send(login(ann));
            assertThat(again.rest()).isEmpty();
        }
        await().until(() -> cluster.node(0).count() == 0);
    }
}
