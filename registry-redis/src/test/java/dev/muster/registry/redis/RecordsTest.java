package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RecordsTest {

    /** Whole characters only, as everything that reaches a registry has been checked or decoded before. */
    private static String text(String any) {
        return new String(
                any.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Property(tries = 500)
    void a_record_comes_back_as_it_was(
            @ForAll @StringLength(max = 300) String name,
            @ForAll @StringLength(max = 128) String user,
            @ForAll @IntRange(max = 7) int shape,
            @ForAll long incarnation,
            @ForAll @LongRange(min = 0, max = (1L << 47)) long time) {
        String[] transports = {"websocket", "tcp", "carrier-pigeon"};
        ConnectionRecord record = new ConnectionRecord(
                "c-1",
                new NodeId("n.1", incarnation),
                transports[shape % 3],
                (shape & 1) == 0 ? null : text(user),
                (shape & 2) == 0 ? null : text(name),
                text(name),
                Instant.ofEpochMilli(time));
        Buffer bytes = Records.encode(record);

        assertThat(Records.decode("c-1", incarnation, bytes, 0)).isEqualTo(record);
        Buffer member = Buffer.buffer().appendLong(incarnation).appendBuffer(bytes);
        assertThat(Records.ofMember("c-1", member, 0)).isEqualTo(record);
        byte[] userBytes = text(user).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Buffer value = Buffer.buffer(RedisKeys.owner(record.node()))
                .appendUnsignedShort(userBytes.length)
                .appendBytes(userBytes)
                .appendBuffer(bytes);
        assertThat(Records.ofConnection("c-1", value)).isEqualTo(record);
    }

    @Test
    void a_common_member_fits_what_the_server_packs_tightly() {
        ConnectionRecord record = new ConnectionRecord(
                "c-1", new NodeId("node-1", 7), "websocket", "user-12345", null, "Ada Lovelace", Instant.EPOCH);
        int numbers = 4 + 6 + 8;

        assertThat(numbers + Records.encode(record).length()).isLessThanOrEqualTo(64);
    }

    @Test
    void another_version_is_refused() {
        assertThatThrownBy(() -> Records.decode("c-1", 1, Buffer.buffer(new byte[] {0x20, 0, 0, 0, 0, 0, 0}), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 300)
    void a_position_comes_back_as_it_was(
            @ForAll long generation,
            @ForAll @LongRange(min = 0, max = (1L << 48) - 1) long creation,
            @ForAll @LongRange(min = 0, max = (1L << 48) - 1) long offset) {
        Buffer bytes = Buffer.buffer()
                .appendLong(generation)
                .appendShort((short) (creation >>> 32))
                .appendInt((int) creation)
                .appendShort((short) (offset >>> 32))
                .appendInt((int) offset);
        Position position = Positions.of(bytes, 0);

        assertThat(position.offset()).isEqualTo(offset);
        assertThat(Positions.bytes(position)).isEqualTo(bytes.getBytes());
        assertThat(Position.parse(position.toString())).isEqualTo(position);
    }

    @Test
    void positions_of_elsewhere_are_none_of_ours() {
        assertThat(Positions.bytes(new Position("absent", 0))).isNull();
        assertThat(Positions.bytes(new Position("0123456789abcdef.0123456789ag", 0)))
                .isNull();
        assertThat(Positions.bytes(new Position("0123456789abcdef.0123456789ab", 1L << 48)))
                .isNull();
        assertThat(Positions.bytes(new Position("0123456789abcdef.0123456789ab", 5)))
                .hasSize(20);
    }
}
