package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketFramingTest {

    @ParameterizedTest
    @CsvSource({"0, 8200", "1, 8201", "125, 827d", "126, 827e007e", "65535, 827effff", "65536, 827f0000000000010000"})
    void lengths_are_in_their_shortest_form(int length, String header) {
        ByteBuf payload = Unpooled.buffer(Math.max(1, length)).writeZero(length);
        ByteBuf frame = WebSocketFraming.INSTANCE.binary(payload);
        assertThat(ByteBufUtil.hexDump(frame, 0, frame.readableBytes() - length))
                .isEqualTo(header);
        assertThat(payload.refCnt()).isZero();
        frame.release();
    }

    @Test
    void frames_are_direct_so_that_the_system_takes_them_as_they_are() {
        ByteBuf frame =
                WebSocketFraming.INSTANCE.text(Unpooled.copiedBuffer("hi", java.nio.charset.StandardCharsets.UTF_8));
        assertThat(frame.isDirect()).isTrue();
        assertThat(ByteBufUtil.hexDump(frame)).isEqualTo("81026869");
        frame.release();
    }

    @Test
    void control_frames() {
        assertThat(dump(WebSocketFraming.pong(new byte[] {1, 2}))).isEqualTo("8a020102");
        assertThat(dump(WebSocketFraming.close(CloseReason.NORMAL))).isEqualTo("880203e8");
        assertThat(dump(WebSocketFraming.close(CloseReason.DRAIN))).isEqualTo("88070fa1647261696e");
        assertThat(dump(WebSocketFraming.bareClose())).isEqualTo("8800");
        assertThat(ByteBufUtil.hexDump(WebSocketFraming.PING)).isEqualTo("8900");
    }

    private static String dump(ByteBuf frame) {
        try {
            return ByteBufUtil.hexDump(frame);
        } finally {
            frame.release();
        }
    }

    @Test
    void ids_are_short_url_safe_and_never_the_same() {
        Set<String> seen = new HashSet<>();
        for (long incarnation : new long[] {0, 1, -1, Long.MIN_VALUE, 64, 0x4000000000000000L}) {
            ConnectionIds ids = new ConnectionIds(incarnation);
            for (int i = 0; i < 5000; i++) {
                String id = ids.next();
                assertThat(id).matches("[A-Za-z0-9_-]{12,26}");
                assertThat(seen.add(id)).isTrue();
            }
        }
    }
}
