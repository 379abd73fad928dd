package dev.muster.node.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.node.event.EventType;
import dev.muster.node.event.InvalidEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventFrameTest {

    private static final String WHOLE = "{\"type\":\"publish\",\"channel\":\"client.message\",\"messageId\":\"m-1\","
            + "\"payload\":{\"message\":\"h\u00e9llo \\ud83d\\ude0a\",\"more\":[1,{\"a\":null}]},"
            + "\"attributes\":{\"shop\":{\"country\":\"de\"},\"n\":[1,-2.5e3,true,null]},\"token\":null}";

    /** Pieces that frames are made of, right ones and wrong ones. */
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u",
            "\\ud800",
            "null",
            "true",
            "-",
            "1",
            "1e999999",
            "0x",
            "NaN",
            "\u0000",
            "\uFEFF",
            "\ud800",
            "\udc00",
            "\"type\":",
            "\"channel\":",
            "\"messageId\":",
            "\"payload\":",
            "\"attributes\":",
            "\"token\":",
            "\"publish\"",
            "\"client.message\"",
            "\"\"",
            "{\"message\":\"x\"}",
            "9".repeat(1200),
            "[".repeat(1100),
            "{\"a\":".repeat(1100),
            "\"" + "n".repeat(60_000));

    @Test
    @DisplayName("members come in any order, and unknown ones are passed over")
    void whole() throws EventFrame.Malformed {
        EventFrame frame = EventFrame.of(WHOLE);
        assertThat(frame.type()).isEqualTo("publish");
        assertThat(frame.channel()).isEqualTo("client.message");
        assertThat(frame.messageId()).isEqualTo("m-1");
        assertThat(frame.token()).isNull();
        assertThat(frame.payload(Channels.CLIENT_MESSAGE).message()).isEqualTo("h\u00e9llo \ud83d\ude0a");
        assertThat(frame.attributes()).containsEntry("shop", Map.of("country", "de"));
        List<Object> numbers = new ArrayList<>(List.of(1, -2500.0, true));
        numbers.add(null);
        assertThat(frame.attributes()).containsEntry("n", numbers);
        EventFrame turned = EventFrame.of("{\"x\":[{}],\"payload\":{\"message\":\"x\"} , \"type\":\"publish\"}");
        assertThat(turned.payload(Channels.CLIENT_MESSAGE).message()).isEqualTo("x");
        assertThat(turned.attributes()).isEmpty();
    }

    @Test
    @DisplayName("an id is text that can be written, of 1 to 64 characters")
    void ids() throws EventFrame.Malformed {
        assertThat(EventFrame.of("{\"messageId\":\"" + "\\ud83d\\ude0a".repeat(32) + "\"}")
                        .messageId())
                .hasSize(64);
        for (String id : List.of("", "x".repeat(65), "\\ud83d", "\\ude0a\\ud83d", "a\\ud83db")) {
            assertThatExceptionOfType(EventFrame.Malformed.class)
                    .isThrownBy(() -> EventFrame.of("{\"messageId\":\"" + id + "\"}"))
                    .satisfies(malformed -> assertThat(malformed.issues())
                            .hasSize(1)
                            .allMatch(issue -> issue.path().equals("messageId")));
        }
    }

    @Provide
    Arbitrary<String> madeOfPieces() {
        return Arbitraries.of(PIECES).list().ofMaxSize(12).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> damaged() {
        Arbitrary<Integer> places = Arbitraries.integers().between(0, WHOLE.length());
        return Combinators.combine(
                        places,
                        places,
                        Arbitraries.of(PIECES),
                        Arbitraries.integers().between(0, 2))
                .as((at, other, piece, how) -> switch (how) {
                    case 0 -> WHOLE.substring(0, Math.min(at, other)) + WHOLE.substring(Math.max(at, other));
                    case 1 -> WHOLE.substring(0, at) + piece + WHOLE.substring(at);
                    default -> WHOLE.substring(0, Math.min(at, other)) + piece + WHOLE.substring(Math.max(at, other));
                });
    }

    @Property(tries = 2000)
    void anyText(@ForAll String text) {
        read(text);
    }

    @Property(tries = 1000)
    void anythingMadeOfPieces(@ForAll("madeOfPieces") String text) {
        read(text);
    }

    @Property(tries = 3000)
    void anyDamage(@ForAll("damaged") String text) {
        read(text);
    }

    @Property(tries = 500)
    void anyPayloadAndAttributes(@ForAll("madeOfPieces") String payload, @ForAll("madeOfPieces") String attributes) {
        read("{\"payload\":" + payload + ",\"attributes\":" + attributes + "}");
        read("{\"attributes\":{\"a\":" + attributes + "},\"payload\":{\"message\":" + payload + "}}");
    }

    /** A frame, or what is wrong with it, and nothing else. */
    private static void read(String text) {
        EventFrame frame;
        try {
            frame = EventFrame.of(text);
        } catch (EventFrame.Malformed malformed) {
            assertThat(malformed.issues())
                    .isNotEmpty()
                    .allMatch(issue -> !issue.message().isBlank());
            assertThat(malformed.issues()).noneMatch(issue -> issue.message().contains("Exception"));
            return;
        }
        readPayload(frame, Channels.CLIENT_MESSAGE);
        readPayload(frame, Channels.SET_USERNAME);
        try {
            assertThat(frame.attributes()).isNotNull();
        } catch (InvalidEvent invalid) {
            assertThat(invalid.issues()).isNotEmpty();
        }
    }

    private static void readPayload(EventFrame frame, EventType<?> type) {
        try {
            assertThat(frame.payload(type)).isNotNull();
        } catch (InvalidEvent invalid) {
            assertThat(invalid.issues())
                    .isNotEmpty()
                    .allMatch(issue -> !issue.message().isBlank());
        }
    }
}
