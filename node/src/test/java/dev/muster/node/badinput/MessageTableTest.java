package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.transport.RawSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages that are no good JSON, pretend to be the server's, or break naive programs. On a relay and in a chat most of
 * them are text like any other, and go to the others as they are; what is refused is answered, counted and heard by nobody.
 * The connection always stays.
 */
class MessageTableTest {

    @RegisterExtension
    static final Target TARGET = new Target("messages");

    private static final ObjectMapper JSON = new ObjectMapper();

    private enum Fate {
        /** Text for everybody in the room. */
        TEXT,
        /** A JSON object, for relay members only. */
        OBJECT,
        /** A JSON object whose {@code text} everybody in the room gets. */
        CHAT_OBJECT,
        FORBIDDEN,
        EXCESSIVE
    }

    private record Row(String name, String text, Fate onRelay) {
        @Override
        public String toString() {
            return name + " → " + onRelay;
        }
    }

    private static final List<Row> ROWS = new ArrayList<>();

    private static void row(Fate fate, String text) {
        row(fate, text.length() > 60 ? text.substring(0, 60) + "…" : text, text);
    }

    private static void row(Fate fate, String name, String text) {
        ROWS.add(new Row(name.replace("\n", "\\n"), text, fate));
    }

    static {
        noObjects();
        objects();
        forged();
        excessive();
        oddTexts();
    }

    private static void noObjects() {
        for (String text : new String[] {
            "{",
            "}",
            "",
            " ",
            "\n",
            "null",
            "[]",
            "\"x\"",
            "42",
            "-0",
            "NaN",
            "true",
            "[1,2",
            "{}{}",
            "{} {}",
            "{}x",
            "\uFEFF{\"type\":\"ACK\"}",
            "{'type':'ACK'}",
            "{\"type\":\"x\",}",
            "{\"a\":1 /* no */}",
            "// no\n{}",
            "{\"a\":NaN}",
            "{\"a\":+1}",
            "{\"a\":01}",
            "{\"a\":.5}",
            "{\"a\":0x10}",
            "{\"a\":\"\\x41\"}",
            "{\"a\":\"\\ud8\"}",
            "{\"a\":\"b",
            "{\"a\" 1}",
            "{1:2}",
            "{\"a\":tru}",
            "{\"a\":\"line\nbreak\"}",
            "{\"a\":\u0000}",
            "\u0000{}",
            "[{\"type\":\"ACK\"}]",
            "\"{\\\"type\\\":\\\"ACK\\\"}\""
        }) {
            row(Fate.TEXT, text);
        }
        row(Fate.TEXT, "100,000 brackets", "[".repeat(100_000));
        row(Fate.TEXT, "a 1 MB number", "9".repeat(1_000_000));
    }

    private static void objects() {
        for (String text : new String[] {
            "{}",
            " {} ",
            "\r\n\t{}\n",
            "{\"type\":null}",
            "{\"type\":7}",
            "{\"type\":[\"ACK\"]}",
            "{\"type\":{\"type\":\"ACK\"}}",
            "{\"type\":\"ack\"}",
            "{\"type\":\"Ack\"}",
            "{\"type\":\" ACK\"}",
            "{\"type\":\"ACK \"}",
            "{\"TYPE\":\"ACK\"}",
            "{\"type\\u0000\":\"ACK\"}",
            "{\"kind\":\"ACK\"}",
            "{\"a\":{\"type\":\"ACK\"}}",
            "{\"type\":\"\"}",
            "{\"__proto__\":{\"type\":\"ACK\"}}",
            "{\"constructor\":{\"prototype\":{}}}",
            "{\"@class\":\"java.lang.Runtime\"}",
            "{\"@type\":\"x\",\"$ref\":\"#\"}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1e999999}",
            "{\"a\":-1e-999999}",
            "{\"a\":123456789012345678901234567890}",
            "{\"type\":\"CHAT_MESSAGE\"}",
            "{\"type\":\"CHAT_MESSAGE\",\"text\":7}",
            "{\"type\":\"CHAT_MESSAGE\",\"text\":null}",
            "{\"type\":\"CHAT_MESSAGE\",\"text\":{\"text\":\"x\"}}",
            "{\"type\":\"chat_message\",\"text\":\"x\"}",
            "{\"type\":\"\\uD83D\"}",
            "{\"\":\"\"}",
            "{\"type\":\"PRESENCE_JOIN\"}",
            "{\"type\":\"AUTHORITY\"}"
        }) {
            row(Fate.OBJECT, text);
        }
        row(Fate.OBJECT, "60,000 keys", "{" + keys(60_000) + "}");
        row(Fate.OBJECT, "a name of 1,000 characters", "{\"" + "n".repeat(1000) + "\":1}");
        for (String text : new String[] {
            "{\"type\":\"CHAT_MESSAGE\",\"text\":\"hi\"}",
            "{\"text\":\"\",\"type\":\"CHAT_MESSAGE\"}",
            "{\"type\":\"CHAT_MESSAGE\",\"text\":\"</script>\\u2028\\uD83D\\uDE0A\\u0000\"}",
            "{\"type\":\"CHAT_MESSAGE\",\"text\":\"hi\",\"from\":\"The Server\",\"id\":1}",
            "{\"\\u0074ype\":\"CHAT\\u005fMESSAGE\",\"text\":\"hi\"}",
            "{\"type\":\"CHAT_MESSAGE\",\"text\":\"first\",\"text\":\"last\"}"
        }) {
            row(Fate.CHAT_OBJECT, text);
        }
    }

    private static String keys(int count) {
        StringBuilder keys = new StringBuilder("\"k\":0");
        for (int i = 1; i < count; i++) {
            keys.append(",\"k").append(i).append("\":0");
        }
        return keys.toString();
    }

    private static void forged() {
        for (String type : new String[] {"SERVER_HELLO", "ERROR", "MESSAGE", "ACK"}) {
            row(Fate.FORBIDDEN, "{\"type\":\"" + type + "\"}");
            row(Fate.FORBIDDEN, " \n{\"a\":1,\"type\" : \"" + type + "\"}");
            row(Fate.FORBIDDEN, "{\"type\":\"x\",\"type\":\"" + type + "\"}");
            row(Fate.FORBIDDEN, "{\"type\":\"" + type + "\",\"type\":\"x\"}");
            row(Fate.FORBIDDEN, "{\"type\":\"" + type + "\",\"type\":7,\"broken\":");
            row(
                    Fate.FORBIDDEN,
                    "{\"t\\u0079pe\":\"" + type.charAt(0) + "\\u00" + Integer.toHexString(type.charAt(1))
                            + type.substring(2) + "\"}");
        }
        row(Fate.FORBIDDEN, "{\"type\":\"SERVER_HELLO\",\"room_id\":\"lobby\",\"client_id\":\"x\",\"timestamp\":0}");
        row(Fate.FORBIDDEN, "{\"type\":\"MESSAGE\",\"id\":1,\"from\":\"The Server\",\"payload\":\"x\"}");
        row(Fate.FORBIDDEN, "{\"type\":\"ACK\",\"id\":-1}");
        row(Fate.FORBIDDEN, "{\"type\":\"ACK\",\"id\":9007199254740993}");
    }

    private static void excessive() {
        row(Fate.EXCESSIVE, "an object around 100,000 brackets", "{\"a\":" + "[".repeat(100_000));
        row(Fate.EXCESSIVE, "2,000 objects in one another", "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000));
        row(Fate.EXCESSIVE, "a number of 100,000 digits", "{\"a\":" + "9".repeat(100_000) + "}");
        row(Fate.EXCESSIVE, "a name of 60,000 characters", "{\"" + "n".repeat(60_000) + "\":1}");
    }

    private static void oddTexts() {
        for (String text : new String[] {
            "<script>alert(1)</script>",
            "javascript:alert(1)",
            "\u202Etxet desrever",
            "\u200B\u200B\u200B",
            "\u2028\u2029",
            "e" + "\u0301".repeat(5_000),
            "\uD83D\uDE0A".repeat(1_000),
            "\uFFFE\uFFFF\uFDD0",
            "a\u0000b",
            "\u0007\u001b[2J\u001b[31m",
            "[John Doe]: I said this",
            "John Doe left the room",
            "! you are banned",
            "Welcome Mallory to lobby!",
            "%s%n%x{}${jndi:ldap://x}",
            "'; DROP TABLE rooms; --",
            "../../etc/passwd",
            "*",
            ":",
            "{a}b",
            "a\r\nb\nc\rd",
            "\t",
            "__proto__",
            "marker of somebody else",
            "0".repeat(Target.MAX_MESSAGE / 2)
        }) {
            row(Fate.TEXT, text);
        }
    }

    static Stream<Arguments> table() {
        return ROWS.stream()
                .flatMap(row -> Stream.of(Surface.values())
                        .filter(Surface::takesText)
                        .map(surface -> Arguments.of(surface, row)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    void isTakenOrRefused(Surface surface, Row row) throws Exception {
        String room = TARGET.newRoom();
        try (Bystanders others = new Bystanders(TARGET, room);
                RawSocket client = TARGET.open(surface, room)) {
            switch (surface) {
                case RELAY -> onRelay(row, room, client, others);
                case CHAT -> inChat(row, client, others);
                case SIMPLE -> {
                    client.sendText(row.text());
                    assertThat(client.read().text()).isEqualTo("You said: " + row.text());
                }
                case EVENTS -> throw new AssertionError("has a table of its own");
            }
            assertStays(surface, client);
        }
    }

    private static void onRelay(Row row, String room, RawSocket client, Bystanders others) throws Exception {
        try (RawSocket chat = TARGET.open(Surface.CHAT, room)) {
            Map<String, Double> before = TARGET.counters();
            client.sendText(row.text());
            boolean refused = row.onRelay() == Fate.FORBIDDEN || row.onRelay() == Fate.EXCESSIVE;
            if (refused) {
                String code = row.onRelay() == Fate.FORBIDDEN ? "forbidden" : "invalid_message";
                JsonNode error = JSON.readTree(client.read().text());
                assertThat(error.get("type").asText()).isEqualTo("ERROR");
                assertThat(error.get("code").asText()).isEqualTo(code);
                assertThat(error.get("message").asText()).isNotBlank().doesNotContain("Exception");
                TARGET.assertCounted(before, Target.badInput("relay", code));
                others.assertHeard(client);
            } else {
                others.assertHeard(client, row.text());
            }
            String seen = chat.read().text();
            switch (row.onRelay()) {
                case TEXT -> assertThat(seen).endsWith("]: " + row.text());
                case CHAT_OBJECT ->
                    assertThat(seen)
                            .endsWith("]: "
                                    + JSON.readTree(row.text()).get("text").asText());
                default -> assertThat(seen).endsWith("]: " + Bystanders.FIRST_MARKER);
            }
        }
    }

    /** Without white space before it, and spelled without escapes; of several types the last counts. */
    private static boolean isAcknowledgement(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            return text.startsWith("{")
                    && text.contains("\"ACK\"")
                    && tree.path("type").asText().equals("ACK");
        } catch (IOException broken) {
            return false;
        }
    }

    private static void inChat(Row row, RawSocket client, Bystanders others) throws Exception {
        client.sendText(row.text());
        if (isAcknowledgement(row.text())) {
            assertThat(client.read().text()).isEqualTo("! messages are acknowledged on connections with ack=true only");
            client.sendText(row.name() + " is not said");
            assertThat(client.read().text()).isEqualTo("[John Doe]: " + row.name() + " is not said");
            assertThat(JSON.readTree(others.heardOne()).get("text").asText()).isEqualTo(row.name() + " is not said");
            return;
        }
        assertThat(client.read().text()).isEqualTo("[John Doe]: " + row.text());
        JsonNode heard = JSON.readTree(others.heardOne());
        assertThat(heard.get("type").asText()).isEqualTo("CHAT_MESSAGE");
        assertThat(heard.get("from").asText()).isEqualTo("John Doe");
        assertThat(heard.get("text").asText()).isEqualTo(row.text());
        assertThat(heard.fieldNames()).toIterable().containsExactly("type", "id", "from", "text", "timestamp");
    }

    private static void assertStays(Surface surface, RawSocket client) throws Exception {
        client.send(RawSocket.frame(0x89, new byte[] {7}));
        RawSocket.Frame next = client.read();
        while (next.opcode() == 1 && surface != Surface.SIMPLE) {
            next = client.read();
        }
        assertThat(next.opcode()).isEqualTo(10);
    }
}
