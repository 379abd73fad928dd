package dev.muster.node.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayFrameTest {

    private static RelayFrame of(String frame) {
        return RelayFrame.of(Buffer.buffer(frame));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "hello",
                "[{\"type\":\"SERVER_HELLO\"}]",
                "\"SERVER_HELLO\"",
                "42",
                "{",
                "{}x",
                "{} {}",
                "{\"type\":\"CHAT_MESSAGE\",\"text\":\"x\"",
                "{'type':'CHAT_MESSAGE'}",
                "{\"a\":NaN}",
                "\ufeff{\"type\":\"ACK\"}"
            })
    @DisplayName("what is not one JSON object is text")
    void text(String frame) {
        assertThat(of(frame)).isEqualTo(RelayFrame.TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"CHAT_MESSAGE\",\"text\":\"\"}",
                " \n{\"text\":\"hi\",\"deep\":{\"type\":\"ACK\"},\"type\":\"CHAT_MESSAGE\"} ",
                "{\"type\":\"X\",\"type\":\"CHAT_MESSAGE\",\"text\":\"the last of two counts\"}"
            })
    @DisplayName("a chat message has a text in its own object")
    void chat(String frame) {
        assertThat(of(frame)).isEqualTo(RelayFrame.CHAT_OBJECT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":\"CHAT_MESSAGE\"}",
                "{\"type\":\"CHAT_MESSAGE\",\"text\":5}",
                "{\"type\":\"CHAT_MESSAGE\",\"text\":{\"text\":\"x\"}}",
                "{\"type\":\"chat_message\",\"text\":\"x\"}",
                "{\"type\":5,\"text\":\"x\"}",
                "{\"data\":{\"type\":\"SERVER_HELLO\"}}",
                "{\"n\":1e999999}"
            })
    @DisplayName("any other object is the relay's own business")
    void object(String frame) {
        assertThat(of(frame)).isEqualTo(RelayFrame.OBJECT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"SERVER_HELLO\"}",
                "\t{\"a\":[1,2,{}],\"type\":\"ERROR\"}",
                "{\"type\":\"MESSAGE\",\"type\":\"fine\"}",
                "{\"type\":\"fine\",\"type\":\"ACK\",\"id\":1}",
                "{\"\\u0074ype\":\"\\u0041CK\"}",
                "{\"type\":\"SERVER_HELLO\"",
                "{\"type\":\"SERVER_HELLO\"} trailing",
                "{\"type\":\"ERROR\",}"
            })
    @DisplayName("what some client could take for the server's is forbidden, broken or not")
    void forbidden(String frame) {
        assertThat(of(frame)).isEqualTo(RelayFrame.FORBIDDEN);
    }

    @Test
    @DisplayName("what is nested beyond the limits is refused, for its type cannot be known")
    void excessive() {
        assertThat(of("{\"a\":" + "[".repeat(100_000))).isEqualTo(RelayFrame.EXCESSIVE);
        assertThat(of("{\"" + "n".repeat(60_000) + "\":1}")).isEqualTo(RelayFrame.EXCESSIVE);
    }
}
