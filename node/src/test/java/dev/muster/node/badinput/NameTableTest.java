package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.transport.RawSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that break naive JSON, keys, paths and pages, as room, user id and client id: they come in and out unchanged. */
class NameTableTest {

    @RegisterExtension
    static final Target TARGET = new Target("names");

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<String> names() {
        return Stream.of(
                "\uD83D\uDE0A",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "\"",
                "'",
                "\\",
                "\\\"",
                "\\u0000",
                "</script>",
                "<b>bold</b>",
                "&amp;",
                "\u2028",
                "\u2029",
                "__proto__",
                "constructor",
                "toString",
                "hasOwnProperty",
                "\u05E9\u05DC\u05D5\u05DD",
                "\u202Eevil",
                "\u200F",
                "\uFEFF",
                "\u200B",
                "e\u0301",
                "\u00E9",
                "\uFFFD",
                "\u1E9E",
                "\u0130",
                "{",
                "}",
                "{a}b",
                "{room}",
                "[",
                "]",
                ":",
                "*",
                "?",
                "#",
                "%",
                "%41",
                "%2F",
                "%00",
                "a/b",
                "../..",
                "..",
                ".",
                "/",
                "//",
                " ",
                " lead",
                "trail ",
                "a b",
                "a+b",
                "a&b=c",
                ";",
                ",",
                "|",
                "~",
                "^",
                "`",
                "$",
                "${x}",
                "@",
                "!",
                "-",
                "--",
                "_",
                "null",
                "undefined",
                "NaN",
                "true",
                "0",
                "-1",
                "stats",
                "chat/x",
                "packet",
                "sync",
                "simple",
                "metrics",
                "x".repeat(120),
                "\uD83D\uDE0A".repeat(60));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("names")
    void comesInAndOutUnchanged(String name) throws Exception {
        // A lone dot would be a path that clients shorten; names of endpoints are rooms of other wires than the relay.
        String room = encoded(name).replace(".", "%2E") + "%20";
        String named = name + " ";
        String ids = "?user_id=" + encoded(name) + "&client_id=" + encoded("c" + name);
        try (RawSocket relay = RawSocket.open(TARGET.port(), "/ws/" + room + ids)) {
            JsonNode hello = JSON.readTree(relay.read().text());
            assertThat(hello.get("room_id").asText()).isEqualTo(named);
            assertThat(hello.get("client_id").asText()).isEqualTo("c" + name);
            assertThat(hello).hasSize(4);
            talk(relay, room, named, name);
        }
    }

    private static void talk(RawSocket relay, String room, String named, String name) throws Exception {
        try (RawSocket chat = RawSocket.open(TARGET.port(), "/ws/chat/" + room + "?auth_token=valid-token")) {
            assertThat(chat.read().text()).isEqualTo("Welcome John Doe to " + named + "!");
            assertThat(chat.read().text()).isEqualTo("John Doe joined the room");
            relay.sendText(name);
            assertThat(chat.read().text()).isEqualTo("[" + name + "]: " + name);
            chat.sendText(name);
            JsonNode heard = JSON.readTree(relay.read().text());
            assertThat(heard.get("text").asText()).isEqualTo(name);
            for (String stats : new String[] {"/ws/" + room + "/stats", "/api/rooms/" + room + "/stats"}) {
                assertInStats(JSON.readTree(TARGET.get(stats).body()), named, name);
            }
        }
    }

    private static void assertInStats(JsonNode stats, String room, String name) {
        assertThat(stats.get("room_id").asText()).isEqualTo(room);
        assertThat(stats.get("connection_count").asInt()).isEqualTo(2);
        assertThat(stats.get("connections")).hasSize(2).anySatisfy(member -> {
            assertThat(member.get("user_id").asText()).isEqualTo(name);
            assertThat(member.get("client_id").asText()).isEqualTo("c" + name);
        });
    }

    @ParameterizedTest(name = "[{index}]")
    @ValueSource(
            strings = {"\n", "\r\n", "\t", "\u0001", "\u001b[31m", "\u007f", "\u0085", "a\n[John Doe]: I said this"})
    void controlCharactersInIdsAreQuoted(String name) throws Exception {
        String room = TARGET.newRoom();
        String ids = "?user_id=" + encoded(name) + "&client_id=" + encoded("c" + name);
        try (RawSocket relay = RawSocket.open(TARGET.port(), "/ws/" + room + ids)) {
            assertThat(JSON.readTree(relay.read().text()).get("client_id").asText())
                    .isEqualTo("c" + name);
            talk(relay, room, room, name);
        }
    }
}
