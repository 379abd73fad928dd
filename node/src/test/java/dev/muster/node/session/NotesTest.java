package dev.muster.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotesTest {

    @Test
    @DisplayName("a request to let a session go names the claim it was found under")
    void leave() {
        assertThat(Notes.claimToLeave(Notes.leave(7))).hasValue(7);
        assertThat(Notes.claimToLeave(Notes.leave(Long.MAX_VALUE))).hasValue(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "leave", "leave ", "leave x", "leave 9223372036854775808", "stay 1"})
    @DisplayName("a note of another version asks for nothing")
    void others(String note) {
        assertThat(Notes.claimToLeave(Buffer.buffer(note))).isEmpty();
    }
}
