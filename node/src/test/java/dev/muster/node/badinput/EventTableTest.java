package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.transport.RawSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames on {@code /ws}. What is refused is answered by {@code server.error}, which names the part that was wrong,
 * counted, and seen by nobody; the connection always stays. What is taken is taken whole, and without what nobody
 * declared. Frames that end the connection are in {@link FrameTableTest}.
 */
class EventTableTest {

    @RegisterExtension
    static final Target TARGET = new Target("events");

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param path of the first issue; null if none is named
     * @param counted the error's code
     */
    private record Row(String name, byte[] frame, String counted, String path) {
        @Override
        public String toString() {
            return name + " → " + counted + (path == null ? "" : " at \"" + path + "\"");
        }
    }

    private static final List<Row> ROWS = new ArrayList<>();

    private static void row(String counted, String path, String text) {
        String name = text.length() > 70 ? text.substring(0, 70) + "…" : text;
        row(counted, path, name.replace("\n", "\\n").replace("\u0000", "\\0"), text);
    }

    private static void row(String counted, String path, String name, String text) {
        ROWS.add(new Row(name, RawSocket.frame(0x81, text.getBytes(StandardCharsets.UTF_8)), counted, path));
    }

    static {
        noFrames();
        members();
        types();
        channels();
        payloads();
        excessive();
        bytes();
    }

    private static void noFrames() {
        for (String text : new String[] {
            "",
            " ",
            "\n",
            "hello",
            "{",
            "}",
            "null",
            "true",
            "42",
            "\"subscribe\"",
            "[]",
            "[{\"type\":\"subscribe\"}]",
            "{}{}",
            "{} {}",
            "{}x",
            "{},",
            "\u0000",
            "\u0000{}",
            "{'type':'subscribe'}",
            "{type:\"subscribe\"}",
            "{\"type\":\"subscribe\",}",
            "{\"type\":\"subscribe\"",
            "{\"type\":\"subscr",
            "{\"type\":\"subscribe\" \"channel\":\"server.message\"}",
            "{\"type\" /* no */:\"subscribe\"}",
            "{\"a\":NaN}",
            "{\"a\":+1}",
            "{\"a\":01}",
            "{\"a\":.5}",
            "{\"a\":\"\\x41\"}",
            "{\"a\":\"line\nbreak\"}",
            "{\"payload\":{}",
            "{\"payload\":[}",
            "{\"attributes\":{\"a\":}}",
            "GET / HTTP/1.1",
            "<script>alert(1)</script>"
        }) {
            row("bad_frame", "", text);
        }
    }

    private static void members() {
        for (String name : new String[] {"type", "channel", "messageId", "token"}) {
            for (String value : new String[] {"1", "true", "[]", "{\"a\":1}", "[[\"subscribe\"]]", "1e999999"}) {
                row("bad_frame", name, "{\"" + name + "\":" + value + "}");
            }
        }
        for (String value : new String[] {"1", "\"x\"", "[]", "false"}) {
            row("bad_frame", "attributes", publish("\"attributes\":" + value));
        }
        row("bad_frame", "messageId", publish("\"messageId\":\"\""));
        row("bad_frame", "messageId", "an id of 65 characters", publish("\"messageId\":\"" + "x".repeat(65) + "\""));
        row("bad_frame", "messageId", publish("\"messageId\":\"\\ud800\""));
    }

    private static void types() {
        for (String text : new String[] {
            "{}",
            "{\"type\":null}",
            "{\"type\":\"\"}",
            "{\"type\":\"Subscribe\"}",
            "{\"type\":\" subscribe\"}",
            "{\"type\":\"subscribe\\u0000\"}",
            "{\"TYPE\":\"subscribe\",\"channel\":\"server.message\"}",
            "{\"type\":\"subscribe\",\"type\":\"x\"}",
            "{\"type\":\"ERROR\"}",
            "{\"type\":\"SERVER_HELLO\"}",
            "{\"type\":\"CHAT_MESSAGE\",\"text\":\"hi\"}",
            "{\"__proto__\":{\"type\":\"publish\"}}",
            "{\"@class\":\"java.lang.Runtime\"}",
            "{\"a\":{\"type\":\"publish\",\"channel\":\"client.message\",\"payload\":{\"message\":\"x\"}}}"
        }) {
            row("unknown_type", "type", text);
        }
        row("forbidden", "type", "{\"type\":\"message\"}");
        row(
                "forbidden",
                "type",
                "{\"type\":\"message\",\"channel\":\"server.message\",\"payload\":{\"message\":\"x\"}}");
        row("forbidden", null, "{\"type\":\"ACK\",\"id\":1}");
        row("forbidden", null, "{\"type\":\"ACK\",\"id\":9007199254740993}");
        row("invalid_message", "token", "{\"type\":\"AUTH\"}");
        row("forbidden", "token", "{\"type\":\"AUTH\",\"token\":\"\"}");
        row("forbidden", "token", "{\"type\":\"AUTH\",\"token\":\"x.y.z\"}");
        row(
                "forbidden",
                "token",
                "a token of 20,000 characters",
                "{\"type\":\"AUTH\",\"token\":\"" + "x".repeat(20_000) + "\"}");
    }

    private static void channels() {
        for (String type : new String[] {"subscribe", "unsubscribe", "publish"}) {
            row("invalid_message", "channel", "{\"type\":\"" + type + "\"}");
            row("invalid_message", "channel", "{\"type\":\"" + type + "\",\"channel\":null}");
        }
        for (String channel :
                new String[] {"", "nope", "Server.message", "server.message ", "*", "__proto__", "\\u0000"}) {
            row("invalid_message", "channel", "{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}");
            row("invalid_message", "channel", "{\"type\":\"unsubscribe\",\"channel\":\"" + channel + "\"}");
            row("forbidden", "channel", "{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"payload\":{}}");
        }
        for (String channel : new String[] {
            "server.message",
            "server.userJoined",
            "server.userLeft",
            "server.notification",
            "server.info",
            "server.error",
            "broadcast",
            "user.joined",
            "notification",
            "Client.message",
            "client"
        }) {
            row(
                    "forbidden",
                    "channel",
                    "{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"payload\":{\"message\":\"x\"}}");
        }
        for (String channel : new String[] {"client.", "client.other", "client.Message", "client.message "}) {
            row("invalid_message", "channel", "{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"payload\":{}}");
        }
    }

    private static String publish(String more) {
        return "{\"type\":\"publish\",\"channel\":\"client.message\",\"payload\":{\"message\":\"x\"}," + more + "}";
    }

    private static String message(String payload) {
        return "{\"type\":\"publish\",\"channel\":\"client.message\",\"payload\":" + payload + "}";
    }

    private static String username(String value) {
        return "{\"type\":\"publish\",\"channel\":\"client.setUsername\",\"payload\":{\"username\":" + value + "}}";
    }

    private static void payloads() {
        row("invalid_message", "payload", "{\"type\":\"publish\",\"channel\":\"client.message\"}");
        for (String payload : new String[] {"null", "1", "\"x\"", "[]", "[{\"message\":\"x\"}]", "true"}) {
            row("invalid_message", "", message(payload));
        }
        for (String payload : new String[] {
            "{}",
            "{\"Message\":\"x\"}",
            "{\"message\":null}",
            "{\"message\":1}",
            "{\"message\":true}",
            "{\"message\":[\"x\"]}",
            "{\"message\":{\"message\":\"x\"}}",
            "{\"message\":\"\"}",
            "{\"message\":\"\\ud83d\"}",
            "{\"message\":\"\\ude00\\ud83d\"}",
            "{\"message\":\"x\",\"message\":5}",
            "{\"__proto__\":{\"message\":\"x\"}}"
        }) {
            row("invalid_message", "message", message(payload));
        }
        row("invalid_message", "message", "1,001 characters", message("{\"message\":\"" + "x".repeat(1001) + "\"}"));
        row(
                "invalid_message",
                "message",
                "1,001 faces",
                message("{\"message\":\"" + "\uD83D\uDE0A".repeat(1001) + "\"}"));
        for (String name : new String[] {
            "null", "7", "[]", "\"\"", "\" \"", "\"a\\nb\"", "\"\\u0000\"", "\"\\u007f\"", "\"\\ud800\""
        }) {
            row("invalid_message", "username", username(name));
        }
        row("invalid_message", "username", "a name of 51 characters", username("\"" + "n".repeat(51) + "\""));
    }

    private static void excessive() {
        row("bad_frame", "", "100,000 brackets", "[".repeat(100_000));
        row("bad_frame", "", "a payload of 100,000 brackets", message("[".repeat(100_000)));
        row(
                "bad_frame",
                "",
                "2,000 objects in one another",
                message("{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000)));
        row("bad_frame", "", "a name of 60,000 characters", "{\"" + "n".repeat(60_000) + "\":1}");
        row("invalid_message", "message", "60,000 keys", message("{" + keys(60_000) + "}"));
        row("unknown_type", "type", "60,000 members", "{" + keys(60_000) + "}");
        row("bad_frame", "", "1 MiB of nothing", " ".repeat(Target.MAX_MESSAGE));
    }

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":0").collect(Collectors.joining(","));
    }

    private static void bytes() {
        ROWS.add(new Row("bytes", RawSocket.frame(0x82, new byte[] {1, 2, 3}), "bad_frame", ""));
        ROWS.add(new Row("no bytes", RawSocket.frame(0x82, new byte[0]), "bad_frame", ""));
        byte[] json = message("{\"message\":\"x\"}").getBytes(StandardCharsets.UTF_8);
        ROWS.add(new Row("a frame as bytes", RawSocket.frame(0x82, json), "bad_frame", ""));
    }

    static Stream<Arguments> table() {
        return ROWS.stream().map(Arguments::of);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("table")
    void isRefused(Row row) throws Exception {
        String room = TARGET.newRoom();
        try (Bystanders others = new Bystanders(TARGET, room);
                RawSocket client = TARGET.open(Surface.EVENTS, room)) {
            Map<String, Double> before = TARGET.counters();
            client.send(row.frame());
            JsonNode error = event(client, "server.error");
            assertThat(error.get("code").asText()).isEqualTo(row.counted());
            assertThat(error.get("message").asText()).isNotBlank().doesNotContain("Exception");
            if (row.path() == null) {
                assertThat(error.get("issues")).isEmpty();
            } else {
                JsonNode issue = error.get("issues").get(0);
                assertThat(issue.get("path").asText()).isEqualTo(row.path());
                assertThat(issue.get("message").asText()).isNotBlank().doesNotContain("Exception");
            }
            TARGET.assertCounted(before, Target.badInput("events", row.counted()));
            assertStays(client, others);
        }
    }

    /** And has the same subscriptions and the same name as before. */
    private static void assertStays(RawSocket client, Bystanders others) throws IOException {
        client.sendText(message("{\"message\":\"still here\"}"));
        JsonNode own = event(client, "server.message");
        assertThat(own.get("message").asText()).isEqualTo("still here");
        assertThat(own.get("from").asText()).isEqualTo("Anonymous");
        assertThat(JSON.readTree(others.heardOne()).get("text").asText()).isEqualTo("still here");
        others.assertHeardNothing();
    }

    private static JsonNode event(RawSocket client, String channel) throws IOException {
        JsonNode frame = JSON.readTree(client.read().text());
        assertThat(frame.get("channel").asText()).as(frame.toString()).isEqualTo(channel);
        assertThat(frame.get("type").asText()).isEqualTo("message");
        assertThat(frame.get("messageId").asText()).isNotEmpty();
        assertThat(frame.get("metadata").get("eventName").asText()).isEqualTo(channel);
        return frame.get("payload");
    }

    static Stream<Arguments> taken() {
        String faces = "\uD83D\uDE0A".repeat(1000);
        return Stream.of(
                Arguments.of("{\"message\":\"x\",\"from\":\"The Server\",\"id\":1,\"timestamp\":0}", "x"),
                Arguments.of("{\"more\":[[{}]],\"message\":\"x\"}", "x"),
                Arguments.of("{\"message\":\"first\",\"message\":\"last\"}", "last"),
                Arguments.of("{\"\\u006dessage\":\"x\"}", "x"),
                Arguments.of("{\"message\":\"\\u0000\\n\\u2028</script>\\\"\"}", "\u0000\n\u2028</script>\""),
                Arguments.of("{\"message\":\"" + faces + "\"}", faces),
                Arguments.of(" {\r\n\t\"message\" : \"x\" } ", "x"),
                Arguments.of("{\"message\":\"x\",\"n\":1e999999}", "x"));
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("taken")
    void isTakenWithoutWhatNobodyDeclared(String payload, String text) throws Exception {
        String room = TARGET.newRoom();
        try (Bystanders others = new Bystanders(TARGET, room);
                RawSocket client = TARGET.open(Surface.EVENTS, room)) {
            client.sendText("{\"payload\":" + payload + ",\"metadata\":[{}],\"more\":null,\"type\":\"publish\","
                    + "\"attributes\":{\"a\":[1,{\"b\":2e3}]},\"channel\":\"client.message\"}");
            JsonNode own = event(client, "server.message");
            assertThat(own.fieldNames()).toIterable().containsExactly("id", "from", "message", "timestamp");
            assertThat(own.get("message").asText()).isEqualTo(text);
            assertThat(own.get("from").asText()).isEqualTo("Anonymous");
            assertThat(JSON.readTree(others.heardOne()).get("text").asText()).isEqualTo(text);
            others.assertHeardNothing();
        }
    }

    @Test
    void everyFaultOfAPayloadIsNamedAndWhatItIsAbout() throws Exception {
        try (RawSocket client = TARGET.open(Surface.EVENTS, TARGET.newRoom())) {
            client.sendText("{\"type\":5,\"channel\":6,\"messageId\":7}");
            assertThat(event(client, "server.error").findValuesAsText("path"))
                    .containsExactly("type", "channel", "messageId");
            client.sendText(
                    "{\"type\":\"publish\",\"channel\":\"client.message\",\"payload\":{},\"messageId\":\"m-1\"}");
            assertThat(event(client, "server.error").get("messageId").asText()).isEqualTo("m-1");
        }
    }

    private static final byte[] SAYS_HI = says("h\u00ed");

    private static byte[] says(String text) {
        return RawSocket.frame(0x81, message("{\"message\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    static IntStream cuts() {
        return IntStream.range(1, SAYS_HI.length);
    }

    @ParameterizedTest(name = "cut before byte {0}")
    @MethodSource("cuts")
    void cutAnywhere(int cut) throws IOException {
        try (RawSocket client = TARGET.open(Surface.EVENTS, TARGET.newRoom())) {
            client.send(Arrays.copyOf(SAYS_HI, cut));
            client.send(Arrays.copyOfRange(SAYS_HI, cut, SAYS_HI.length));
            assertThat(event(client, "server.message").get("message").asText()).isEqualTo("h\u00ed");
        }
    }

    @Test
    void refusedAndTakenInOnePiece() throws Exception {
        String room = TARGET.newRoom();
        try (Bystanders others = new Bystanders(TARGET, room);
                RawSocket client = TARGET.open(Surface.EVENTS, room)) {
            byte[] bad = RawSocket.frame(0x81, "{".getBytes(StandardCharsets.UTF_8));
            byte[] piece = new byte[20 * (bad.length + SAYS_HI.length)];
            for (int at = 0; at < piece.length; at += bad.length + SAYS_HI.length) {
                System.arraycopy(bad, 0, piece, at, bad.length);
                System.arraycopy(SAYS_HI, 0, piece, at + bad.length, SAYS_HI.length);
            }
            Map<String, Double> before = TARGET.counters();
            client.send(piece);
            String counter = Target.badInput("events", "bad_frame");
            int refused = 0;
            int said = 0;
            while (refused < 20 || said < 20) {
                JsonNode frame = JSON.readTree(client.read().text());
                if (frame.get("channel").asText().equals("server.error")) {
                    refused++;
                } else {
                    said++;
                }
            }
            for (int i = 0; i < 20; i++) {
                assertThat(JSON.readTree(others.heardOne()).get("text").asText())
                        .isEqualTo("h\u00ed");
            }
            others.assertHeardNothing();
            assertThat(TARGET.counters().get(counter) - before.getOrDefault(counter, 0.0))
                    .isEqualTo(20);
        }
    }
}
