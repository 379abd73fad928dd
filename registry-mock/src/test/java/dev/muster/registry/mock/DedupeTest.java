package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DedupeTest {

    private static final Duration WINDOW = Duration.ofNanos(100);

    private final Dedupe dedupe = new Dedupe(0);

    private void add(String id, long at) {
        dedupe.add(id, new Dedupe.Seen(new Position("e", at + 1), at, at), WINDOW);
    }

    @Test
    void anIdIsKnownForExactlyTheWindowWheneverTheTablesChange() {
        for (long at = 0; at <= 1_000; at += 7) {
            add("id" + at, at);
            for (long other = 0; other <= at; other += 7) {
                assertThat(dedupe.find("id" + other, WINDOW, at) != null)
                        .as("id of %s at %s", other, at)
                        .isEqualTo(at - other < 100);
            }
        }
        assertThat(dedupe.expired(WINDOW, 1_000)).isFalse();
        assertThat(dedupe.expired(WINDOW, 1_200)).isTrue();
    }

    @Test
    void aGroupThatIsFloodedWithIdsRemembersTheNewest() {
        for (int i = 0; i < 3 * Dedupe.MAX_PER_WINDOW; i++) {
            add("id" + i, 1);
        }

        assertThat(dedupe.find("id0", WINDOW, 1)).isNull();
        assertThat(dedupe.find("id" + (3 * Dedupe.MAX_PER_WINDOW - 1), WINDOW, 1))
                .isNotNull();
    }

    @Test
    void whatIsSaidDecidesTheFingerprint() {
        long text = Dedupe.fingerprint(Draft.text(null, "a"));
        assertThat(Dedupe.fingerprint(Draft.text("c1", "a").withMessageId("id")))
                .isEqualTo(text);
        assertThat(Dedupe.fingerprint(Draft.text(null, "b"))).isNotEqualTo(text);
        assertThat(Dedupe.fingerprint(Draft.binary(null, Buffer.buffer("a")))).isNotEqualTo(text);
        assertThat(Dedupe.fingerprint(Draft.put("k", Buffer.buffer("a"))))
                .isNotEqualTo(Dedupe.fingerprint(Draft.put("l", Buffer.buffer("a"))));
        assertThat(Dedupe.fingerprint(Draft.remove("k")))
                .isNotEqualTo(Dedupe.fingerprint(Draft.put("k", Buffer.buffer())));
    }
}
