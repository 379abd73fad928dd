package dev.muster.node.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.schema.RelaySchema.EntitySnapshot;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.ServerHello;
import dev.muster.node.schema.RelaySchema.WorldState;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the client does without a server. */
class ConnectRulesTest {

    private static final class Recorded implements Wire.Output {
        final List<String> lines = new ArrayList<>();
        final List<String> sent = new ArrayList<>();

        @Override
        public void print(String line) {
            lines.add(line);
        }

        @Override
        public void send(Frame frame) {
            sent.add(frame.text());
        }
    }

    @Test
    @DisplayName("what could move the cursor or turn the text is shown, not done")
    void visible() {
        assertThat(Visible.line("a\nb\r\t\u001b[31mred\u0007 \u202egnirts \u2028 \u0085 \u200b"))
                .isEqualTo("a\\nb\\r\\t\\u{1b}[31mred\\u{7} \\u{202e}gnirts \\u{2028} \\u{85} \\u{200b}");
        assertThat(Visible.line("caf\u00e9 \uD83D\uDE0A \u6f22 \\n")).isEqualTo("caf\u00e9 \uD83D\uDE0A \u6f22 \\n");
        assertThat(Visible.line("\ud800")).isEqualTo("\\u{d800}");
        assertThat(Visible.bytes(Buffer.buffer(new byte[] {0, -1, 16}))).isEqualTo("0x00ff10");
        assertThat(Visible.bytes(Buffer.buffer(new byte[300]))).endsWith("\u2026 (300 bytes)");
    }

    @ParameterizedTest
    @CsvSource({
        "1000, DONE",
        "1001, AGAIN",
        "1002, OVER",
        "1006, AGAIN",
        "1009, OVER",
        "4001, AGAIN",
        "4499, AGAIN",
        "4500, OVER",
        "4505, OVER"
    })
    @DisplayName("the code tells whether to come back")
    void verdicts(int code, Verdict verdict) {
        assertThat(Verdict.of(code)).isEqualTo(verdict);
    }

    @Test
    @DisplayName("waiting is anything up to a bound that doubles, and begins anew after a success")
    void backOff() {
        BackOff most = new BackOff(() -> 1);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            waits.add(most.next());
        }
        assertThat(waits).containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 15_000L, 15_000L);
        most.reset();
        assertThat(most.next()).isEqualTo(500);
        assertThat(new BackOff(() -> 0).next()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ws://h, RELAY, a b, -, /ws/a%20b",
                "ws://h/, RELAY, r, ann & bob, /ws/r?user_id=ann%20%26%20bob",
                "ws://h/ws/x?user_id=me, RELAY, r, ann, /ws/x?user_id=me",
                "ws://h, CHAT, r, -, /ws/chat/r",
                "ws://h, PACKET, r, -, /ws/packet",
                "ws://h/ws/x?a=1, PROTOBUF, r, -, /ws/x?a=1&binary=protobuf"
            })
    @DisplayName("the URL counts, and the protocol adds what is missing")
    void target(String url, ProtocolName protocol, String room, String name, String target) {
        ConnectOptions options = new ConnectOptions(URI.create(url), protocol, room, name, null, false, false, null);

        assertThat(Links.target(options, Connecting.wire(options))).isEqualTo(target);
    }

    @Test
    @DisplayName("reliable messages are shown once, acknowledged each time, and resumed with the token")
    void reliable() {
        ReliableWire wire = new ReliableWire(new RelayWire(null));
        Recorded seen = new Recorded();
        wire.received(Frame.text("{\"type\":\"SERVER_HELLO\",\"resume\":\"t\",\"resumeTtl\":30}"), seen);
        String one = "{\"type\":\"MESSAGE\",\"id\":1,\"from\":\"ann\",\"contentType\":\"text\",\"payload\":\"hi\"}";
        String two = "{\"type\":\"MESSAGE\",\"id\":2,\"from\":\"ann\",\"contentType\":\"binary\",\"payload\":\"AP8=\"}";

        wire.received(Frame.text(one), seen);
        wire.received(Frame.text(two), seen);
        wire.received(Frame.text(one), seen);

        assertThat(seen.lines.subList(1, seen.lines.size())).containsExactly("[ann]: hi", "[ann]: 0x00ff");
        assertThat(seen.sent)
                .containsExactly(
                        "{\"type\":\"ACK\",\"id\":1}", "{\"type\":\"ACK\",\"id\":2}", "{\"type\":\"ACK\",\"id\":2}");
        assertThat(wire.query()).containsEntry("resume", "t").containsEntry("ack", "true");
    }

    @Test
    @DisplayName("events are lines for people")
    void events() {
        EventsWire wire = new EventsWire("r", "ann");
        Recorded seen = new Recorded();
        for (String payload : List.of(
                "{\"channel\":\"server.message\",\"payload\":{\"from\":\"bob\",\"message\":\"hi\"}}",
                "{\"channel\":\"server.userJoined\",\"payload\":{\"username\":\"bob\"}}",
                "{\"channel\":\"server.userLeft\",\"payload\":{\"username\":\"bob\"}}",
                "{\"channel\":\"server.error\",\"payload\":{\"code\":\"c\",\"message\":\"m\",\"issues\":[]}}",
                "{\"channel\":\"x\",\"payload\":{}}",
                "{broken")) {
            wire.received(Frame.text(payload), seen);
        }
        assertThat(seen.lines)
                .containsExactly(
                        "[bob]: hi",
                        "* bob joined",
                        "* bob left",
                        "! c: m",
                        "{\"channel\":\"x\",\"payload\":{}}",
                        "{broken");
        assertThat(wire.opening().get(0).text()).contains("client.setUsername", "ann");
    }

    @Test
    @DisplayName("packets are those of the wire, read however they were cut")
    void packets() {
        PacketWire wire = new PacketWire(null);
        byte[] hi = wire.typed("hi").payload().getBytes();
        assertThat(ByteBufUtil.hexDump(hi))
                .isEqualTo("2b000000" + "00000000" + "1d"
                        + "7368617265645f74797065733a3a55736572436861744d657373616765"
                        + "fded102362ec6aacb6" + "03026869");
        byte[] said = HexFormat.of()
                .parseHex("2e00000000000000" + "1c"
                        + HexFormat.of().formatHex("shared_types::NewChatMessage".getBytes())
                        + "fdfe809f56d233f0ec" + "07" + "03626f62" + "026869");
        Recorded seen = new Recorded();
        byte[] both = Buffer.buffer(said).appendBytes(said).getBytes();
        for (byte next : both) {
            wire.received(Frame.binary(new byte[] {next}), seen);
        }
        assertThat(seen.lines).containsExactly("[bob]: hi", "[bob]: hi");
        wire.received(Frame.binary(HexFormat.of().parseHex("ffffffffffffffff00")), seen);
        wire.received(Frame.binary(HexFormat.of().parseHex("0100000000000000ff")), seen);
        assertThat(seen.lines.get(2)).startsWith("! a packet of 18446744073709551615 bytes");
        assertThat(seen.lines.get(3)).startsWith("! not a packet");
    }

    @Test
    @DisplayName("words become frames about entities, and batches lines for people")
    void entities() {
        SpaceWire wire = new SpaceWire("ann");
        assertThat(wire.query()).containsEntry("user_id", "ann");
        assertThat(wire.opening().get(0).text())
                .isEqualTo("{\"type\":\"subscribe\",\"subscriptionId\":1,\"component\":\"*\"}");
        assertThat(wire.typed("spawn Name {\"name\":\"a b\"}").text())
                .isEqualTo("{\"type\":\"mutate\",\"requestId\":2,\"entity\":\"18446744073709551615\","
                        + "\"component\":\"Name\",\"value\":{\"name\":\"a b\"}}");
        assertThat(wire.typed("patch 42 Position {\"x\":1}").text())
                .isEqualTo("{\"type\":\"mutate\",\"requestId\":3,\"entity\":\"42\",\"component\":\"Position\","
                        + "\"patch\":{\"x\":1}}");
        assertThat(wire.typed("take 42").text()).isEqualTo("{\"type\":\"take\",\"requestId\":4,\"entity\":\"42\"}");
        assertThat(wire.typed("remove 42 Name").text())
                .isEqualTo("{\"type\":\"remove\",\"requestId\":5,\"entity\":\"42\",\"component\":\"Name\"}");
        assertThat(wire.typed("subscribe Name 42").text())
                .isEqualTo("{\"type\":\"subscribe\",\"subscriptionId\":6,\"component\":\"Name\",\"entity\":\"42\"}");
        assertThat(wire.typed("set 42").text()).contains("\"component\":\"\"");
        assertThat(wire.typed("{\"type\":\"x\"}").text()).isEqualTo("{\"type\":\"x\"}");
        Recorded seen = new Recorded();
        for (String frame : List.of(
                "{\"type\":\"batch\",\"items\":[{\"op\":\"update\",\"entity\":\"42\",\"component\":\"Name\","
                        + "\"value\":{\"name\":\"a\"}},{\"op\":\"componentRemoved\",\"entity\":\"42\","
                        + "\"component\":\"Name\"},{\"op\":\"entityRemoved\",\"entity\":\"42\"}, 5]}",
                "{\"type\":\"mutationResponse\",\"status\":\"Ok\",\"entity\":\"42\"}",
                "{\"type\":\"mutationResponse\",\"status\":\"NotFound\",\"message\":\"m\"}",
                "{\"type\":\"control\",\"status\":\"AlreadyControlled\",\"by\":7}",
                "{\"type\":\"queryResponse\",\"status\":\"Ok\",\"rows\":[{\"a\":1}]}",
                "{\"type\":\"error\",\"status\":\"InvalidParams\",\"message\":\"m\"}",
                "{\"type\":\"ERROR\",\"code\":\"c\",\"message\":\"m\"}",
                "{broken")) {
            wire.received(Frame.text(frame), seen);
        }
        assertThat(seen.lines)
                .containsExactly(
                        "42 Name {\"name\":\"a\"}",
                        "* 42 has no Name any more",
                        "* 42 is gone",
                        "* ok 42",
                        "! not found: m",
                        "! already controlled by 7",
                        "= {\"a\":1}",
                        "* 1 row",
                        "! invalid params: m",
                        "! c: m",
                        "{broken");
    }

    @Test
    @DisplayName("protobuf that is none is shown as bytes")
    void protobuf() {
        ProtobufWire wire = new ProtobufWire("r", null);
        Recorded seen = new Recorded();
        wire.received(wire.typed("h\u00e9llo"), seen);
        wire.received(Frame.binary(new byte[] {-1}), seen);
        wire.received(wire.opening().get(0), seen);
        assertThat(seen.lines.get(0)).isEqualTo("[]: h\u00e9llo");
        assertThat(seen.lines.get(1)).isEqualTo("0xff");
        assertThat(seen.lines.get(2)).contains("type: CLIENT_HELLO", "requested_room: \"r\"");
    }

    @Test
    @DisplayName("a hello is shown with a few entities, and with the number of many")
    void protobufHello() {
        ProtobufWire wire = new ProtobufWire("r", null);
        Recorded seen = new Recorded();
        for (int count : new int[] {10, 11}) {
            WorldState.Builder world = WorldState.newBuilder();
            for (int i = 0; i < count; i++) {
                world.addEntities(EntitySnapshot.newBuilder().setId("e" + i));
            }
            Message hello = Message.newBuilder()
                    .setType(MessageType.SERVER_HELLO)
                    .setServerHello(ServerHello.newBuilder().setRoomId("r").setInitialState(world))
                    .build();
            wire.received(Frame.binary(hello.toByteArray()), seen);
        }
        assertThat(seen.lines.get(0)).contains("room_id: \"r\"", "id: \"e9\"");
        assertThat(seen.lines.get(1))
                .contains("room_id: \"r\"")
                .endsWith(" and 11 entities")
                .doesNotContain("e9");
    }
}
