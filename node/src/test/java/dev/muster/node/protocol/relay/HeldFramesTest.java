package dev.muster.node.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.QuietConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeldFramesTest {

    /** Writes down the length of what it is offered. */
    private static final class Listening extends QuietConnection {

        final List<Integer> got = new ArrayList<>();

        Listening() {
            super("c");
        }

        @Override
        public void offer(ByteBuf frame) {
            got.add(frame.readableBytes());
            frame.release();
        }
    }

    private final Listening connection = new Listening();
    private final HeldFrames held = new HeldFrames(connection);

    private static ByteBuf frame(int length) {
        return Unpooled.wrappedBuffer(new byte[length]);
    }

    @Test
    @DisplayName("frames wait, and go out in their order; each is the caller's still, and released once it is out")
    void waits() {
        List<ByteBuf> frames = List.of(frame(1), frame(2), frame(3));
        frames.forEach(held::add);
        assertThat(connection.got).isEmpty();
        assertThat(frames).allMatch(each -> each.refCnt() == 2);
        held.flush();
        assertThat(connection.got).containsExactly(1, 2, 3);
        assertThat(frames).allMatch(each -> each.refCnt() == 1);
        held.flush();
        assertThat(connection.got).hasSize(3);
    }

    @Test
    @DisplayName("more than there is place for goes out, nothing is lost")
    void bounded() {
        for (int i = 0; i <= HeldFrames.MAX_FRAMES; i++) {
            held.add(frame(1));
        }
        assertThat(connection.got).hasSize(HeldFrames.MAX_FRAMES + 1);
        held.add(frame((int) HeldFrames.MAX_BYTES));
        assertThat(connection.got).hasSize(HeldFrames.MAX_FRAMES + 1);
        held.add(frame(1));
        assertThat(connection.got).hasSize(HeldFrames.MAX_FRAMES + 3);
    }
}
