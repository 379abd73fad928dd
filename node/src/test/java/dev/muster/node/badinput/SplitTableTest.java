package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.transport.RawSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are odd and right: however they are cut or joined, they mean the same, and the connection stays. */
class SplitTableTest {

    @RegisterExtension
    static final Target TARGET = new Target("websocket frames that stay");

    private static final byte[] TALK = talk();
    private static final int PONG = 10;

    /** "hello", a ping, "grüße" in four fragments with a ping between, the euro sign cut in two, "bye". */
    private static byte[] talk() {
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        talk.writeBytes(RawSocket.frame(0x81, utf8("hello")));
        talk.writeBytes(RawSocket.frame(0x89, utf8("p1")));
        talk.writeBytes(RawSocket.frame(0x01, utf8("grü")));
        talk.writeBytes(RawSocket.frame(0x00, new byte[0]));
        talk.writeBytes(RawSocket.frame(0x89, utf8("")));
        talk.writeBytes(RawSocket.frame(0x00, new byte[] {(byte) 0xE2, (byte) 0x82}));
        talk.writeBytes(RawSocket.frame(0x80, new byte[] {(byte) 0xAC}));
        talk.writeBytes(RawSocket.frame(0x8A, utf8("a pong nobody asked for")));
        talk.writeBytes(RawSocket.frame(0x81, utf8("bye")));
        return talk.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<Arguments> cuts() {
        return Stream.of(Surface.values())
                .filter(Surface::takesText)
                .flatMap(surface -> IntStream.range(0, TALK.length).mapToObj(cut -> Arguments.of(surface, cut)));
    }

    @ParameterizedTest(name = "{0}: cut before byte {1}")
    @MethodSource("cuts")
    void cutAnywhere(Surface surface, int cut) throws IOException {
        try (RawSocket client = TARGET.open(surface, TARGET.newRoom())) {
            client.send(Arrays.copyOf(TALK, cut));
            client.send(Arrays.copyOfRange(TALK, cut, TALK.length));
            assertAnswered(surface, client, 1);
        }
    }

    @ParameterizedTest(name = "{0}: byte by byte")
    @EnumSource(names = {"RELAY", "CHAT", "SIMPLE"})
    void byteByByte(Surface surface) throws IOException {
        try (RawSocket client = TARGET.open(surface, TARGET.newRoom())) {
            for (byte each : TALK) {
                client.send(new byte[] {each});
            }
            assertAnswered(surface, client, 1);
        }
    }

    @ParameterizedTest(name = "{0}: twenty times in one piece")
    @EnumSource(names = {"RELAY", "CHAT", "SIMPLE"})
    void joined(Surface surface) throws IOException {
        try (RawSocket client = TARGET.open(surface, TARGET.newRoom())) {
            byte[] all = new byte[20 * TALK.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = TALK[i % TALK.length];
            }
            client.send(all);
            assertAnswered(surface, client, 20);
        }
    }

    @ParameterizedTest(name = "{0}: right behind the request for the upgrade")
    @EnumSource(names = {"RELAY", "CHAT", "SIMPLE"})
    void behindTheRequest(Surface surface) throws IOException {
        try (RawSocket client = TARGET.connect()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(RawSocket.upgrade(surface.path(TARGET.newRoom())).getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(TALK);
            client.send(all.toByteArray());
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
            assertAnswered(surface, client, 1);
        }
    }

    private static void assertAnswered(Surface surface, RawSocket client, int times) throws IOException {
        int pongs = 2 * times;
        int texts = surface.answersItself() ? 3 * times : 0;
        List<String> said = List.of("hello", "grü€", "bye");
        int heard = 0;
        int answered = 0;
        while (heard < texts || answered < pongs) {
            RawSocket.Frame frame = client.read();
            if (frame.opcode() == PONG) {
                assertThat(frame.text()).isEqualTo(answered++ % 2 == 0 ? "p1" : "");
            } else if (!surface.isGreeting(frame.text())) {
                assertThat(frame.opcode()).as(frame.text()).isEqualTo(1);
                assertThat(frame.text()).isEqualTo(surface.answerTo(said.get(heard++ % 3)));
            }
        }
        client.sendClose(1000);
        RawSocket.Frame close = client.read();
        assertThat(close.opcode()).isEqualTo(8);
        assertThat(close.closeCode()).isEqualTo(1000);
    }

    @ParameterizedTest(name = "{0} bytes, as long as its form of length may be")
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, Target.MAX_MESSAGE - 1, Target.MAX_MESSAGE})
    void longest(int length) throws IOException {
        String room = TARGET.newRoom();
        try (Bystanders others = new Bystanders(TARGET, room);
                RawSocket client = TARGET.open(Surface.RELAY, room);
                RawSocket echo = TARGET.open(Surface.SIMPLE, room)) {
            String text = "x".repeat(length);
            echo.sendText(text);
            assertThat(echo.read().text()).isEqualTo("You said: " + text);
            client.sendText(text);
            others.assertHeard(client, text);
        }
    }

    @ParameterizedTest(name = "{0} bytes of pong")
    @ValueSource(ints = {0, 1, 124, 125})
    void pingsComeBack(int length) throws IOException {
        try (RawSocket client = TARGET.open(Surface.SIMPLE, "")) {
            client.send(RawSocket.frame(0x89, utf8("y".repeat(length))));
            assertThat(client.read().text()).isEqualTo("y".repeat(length));
        }
    }
}
