package dev.muster.node.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Message;
import io.vertx.core.buffer.Buffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is an acknowledgement, and of what. */
class AckFrameTest {

    private static Message text(String text) {
        return new Message(true, Buffer.buffer(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"ACK\",\"id\":7} | 7",
                "{ \"id\" : 7, \"more\": {\"id\": 9}, \"type\" : \"ACK\" } | 7",
                "{\"type\":\"ACK\"} | -1",
                "{\"type\":\"ACK\",\"id\":\"7\"} | -1",
                "{\"type\":\"ACK\",\"id\":-7} | -1",
                "{\"type\":\"ACK\",\"id\":7.5} | -1",
                "{\"type\":\"ACK\",\"id\":null} | -1",
                "{\"type\":\"ACK\",\"id\":9223372036854775808} | -1",
                "{\"type\":\"ACK\",\"id\":1e3} | -1"
            })
    void acknowledgements(String frame, long id) {
        assertThat(AckFrame.of(text(frame))).isEqualTo(new AckFrame(id));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"ack\",\"id\":7}",
                "{\"type\":\"CHAT_MESSAGE\",\"text\":\"ACK\"}",
                "{\"type\":\"ACK\",\"id\":7",
                "{\"type\":\"ACK\",\"id\":7} x",
                "[\"ACK\"]",
                "ACK 7"
            })
    void otherFrames(String frame) {
        assertThat(AckFrame.of(text(frame))).isNull();
    }

    @Property
    void noFrameBreaksIt(@ForAll byte[] bytes, @ForAll String text) {
        AckFrame.of(new Message(true, Buffer.buffer(bytes)));
        AckFrame.of(text("{\"ACK\"" + text));
        AckFrame.of(text("{\"type\":\"ACK\",\"id\":" + text + "}"));
        assertThat(AckFrame.of(new Message(false, Buffer.buffer("{\"type\":\"ACK\",\"id\":7}"))))
                .isNull();
    }
}
