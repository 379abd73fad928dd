package dev.muster.registry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CodecTest {

    private static final Position POSITION = new Position("e", 7);

    @Property(tries = 300)
    void a_draft_comes_back_as_it_was(
            @ForAll byte[] payload,
            @ForAll ContentType contentType,
            @ForAll boolean withSender,
            @ForAll boolean withKey,
            @ForAll @Size(max = 3) Map<Short, Integer> numbers) {
        Map<String, String> headers = new HashMap<>();
        numbers.forEach((name, value) -> headers.put("h" + name, "\u00e9\uD83D\uDE80" + value));
        Draft draft = new Draft(
                withSender ? "sender-1" : null,
                contentType,
                Buffer.buffer(payload),
                headers,
                false,
                null,
                withKey ? new Draft.EntryChange("k\u0000:*{}", payload.length % 2 == 0, null) : null);
        Buffer body = Buffer.buffer("in front").appendBuffer(BodyCodec.encode(draft));
        assertThat(BodyCodec.decode(body, 8, POSITION, 5)).isEqualTo(Publication.of(draft, POSITION, 5));
    }

    @Property(tries = 2_000)
    void rubbish_is_refused_and_never_anything_worse(@ForAll byte[] rubbish, @ForAll boolean plausible) {
        if (plausible && rubbish.length > 1) {
            rubbish[0] = 1;
            rubbish[1] &= 0x7f;
        }
        Throwable body = catchThrowable(() -> BodyCodec.decode(Buffer.buffer(rubbish), 0, POSITION, 0));
        Throwable record = catchThrowable(() -> RecordCodec.decode(Buffer.buffer(rubbish), 0));
        assertThat(body)
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isNull(),
                        failure -> assertThat(failure).isInstanceOf(IllegalArgumentException.class));
        assertThat(record)
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isNull(),
                        failure -> assertThat(failure).isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void a_record_comes_back_as_it_was() {
        for (String user : new String[] {null, "u", "\uD83D\uDC64:*"}) {
            for (String client : new String[] {null, "", "c"}) {
                ConnectionRecord record = new ConnectionRecord(
                        "id-1", new NodeId("n.1", -5), "websocket", user, client, "J\u00f6rg", Instant.ofEpochMilli(1));
                assertThat(RecordCodec.decode(RecordCodec.encode(record), 0)).isEqualTo(record);
            }
        }
    }

    @Test
    void the_longest_ids_fit_in_any_script() {
        String longest = "\u6f22".repeat(128);
        ConnectionRecord record = new ConnectionRecord(
                "x".repeat(26),
                new NodeId("n".repeat(64), -1),
                "websocket",
                longest,
                longest.replace('\u6f22', '\u5b57'),
                longest,
                Instant.ofEpochMilli(1));
        assertThat(RecordCodec.decode(RecordCodec.encode(record), 0)).isEqualTo(record);
    }

    @Test
    void a_body_cut_anywhere_before_its_payload_is_refused() {
        Buffer whole = BodyCodec.encode(new Draft(
                "sender",
                ContentType.JSON,
                Buffer.buffer(),
                Map.of("a", "b"),
                false,
                null,
                new Draft.EntryChange("k", false, null)));
        for (int end = 0; end < whole.length(); end++) {
            Buffer cut = whole.getBuffer(0, end);
            assertThatIllegalArgumentException()
                    .as("cut at %d", end)
                    .isThrownBy(() -> BodyCodec.decode(cut, 0, POSITION, 0));
        }
    }

    @Test
    void a_record_that_is_too_large_is_refused_by_its_size() {
        ConnectionRecord record =
                new ConnectionRecord("id", new NodeId("n", 1), "tcp", null, null, "x".repeat(1_100), Instant.EPOCH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordCodec.encode(record))
                .withMessageContaining("at most 1024 bytes");
    }
}
