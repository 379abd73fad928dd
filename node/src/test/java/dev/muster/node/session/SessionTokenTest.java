package dev.muster.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Position;
import io.vertx.core.buffer.Buffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tokens and states are read back as they were written, and nothing else is taken for one. */
class SessionTokenTest {

    @Test
    @DisplayName("a token fits its own hash only, and shows no secret")
    void token() {
        SessionToken token = SessionToken.fresh("abc-1");
        assertThat(SessionToken.parse(token.text())).isEqualTo(token);
        assertThat(token.fits(token.hash())).isTrue();
        assertThat(SessionToken.fresh("abc-1").fits(token.hash())).isFalse();
        assertThat(token.toString()).doesNotContain(token.secret());
        assertThat(token.hash()).doesNotContain(token.secret());
    }

    @Property
    void noTextIsMoreThanNoToken(@ForAll String text) {
        SessionToken token = SessionToken.parse(text);
        assertThat(token == null || token.text().equals(text)).isTrue();
    }

    @Test
    @DisplayName("a state is read back as it was written")
    void state() {
        SessionState state = new SessionState(
                "hash", null, "relay", "a \"room\"", 3, "n1", true, 1L << 60, new Position("e.1", 7), 5);
        assertThat(SessionState.parse(state.toBytes())).isEqualTo(state);
    }

    @Property
    void noBytesAreMoreThanNoState(@ForAll byte[] bytes) {
        assertThat(SessionState.parse(Buffer.buffer(bytes))).isNull();
    }
}
