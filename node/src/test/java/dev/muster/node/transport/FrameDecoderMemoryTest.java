package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** That a declared length alone makes the node keep nothing. */
class FrameDecoderMemoryTest {

    private static final int LIMIT = 64 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void a_declared_length_allocates_nothing() {
        // 60 MiB are announced, which the limit allows, and 100 bytes arrive.
        byte[] header = HexFormat.of().parseHex("82ff" + "0000000003c00000" + "00000000");
        byte[] some = new byte[100];
        DecodedFrames frames = new DecodedFrames(LIMIT);
        frames.feed(header, 0, 1);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        frames.feed(header, 1, header.length);
        frames.feed(some, 0, some.length);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 10);
        assertThat(frames.decoder.isMidMessage()).isTrue();
    }

    @Test
    void what_arrives_is_kept_at_most_twice() {
        byte[] header = HexFormat.of().parseHex("82ff" + "0000000003c00000" + "00000000");
        DecodedFrames frames = new DecodedFrames(LIMIT);
        frames.feed(header, 0, header.length);
        byte[] piece = new byte[4096];
        int pieces = 256;
        frames.feed(piece, 0, piece.length);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < pieces; i++) {
            frames.feed(piece, 0, piece.length);
        }
        // Doubling: the sum of all buffers is below four times the last content.
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(4L * (pieces + 1) * piece.length);
    }
}
