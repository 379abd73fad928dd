package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A thousand clients that do not read, beside one that does; every byte that is kept for them is counted. */
class SlowReadersTest {

    private static final int READERS = 1_000;
    private static final int CAP = 32 << 10;
    private static final int WATER_MARK = 16 << 10;
    private static final int MAX_MESSAGES = 1_000;
    /** What a batch of small frames may take more than it holds. */
    private static final int BATCH = 16 << 10;

    /** Unpooled, so that its figures are exact. */
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);

    private final List<Reader> slow = new ArrayList<>();
    private final Reader fast = new Reader(true);

    /** A socket whose peer reads everything or nothing, and the outbox in front of it. */
    private final class Reader extends EmbeddedChannel {
        private final boolean reads;
        private final SentCount sent = new SentCount();
        private final Outbox outbox;
        private int overflows;
        private long taken;

        Reader(boolean reads) {
            this.reads = reads;
            config().setAllocator(memory);
            config().setWriteBufferWaterMark(new WriteBufferWaterMark(WATER_MARK / 2, WATER_MARK));
            outbox = new Outbox(
                    this,
                    new FlushTick(eventLoop()),
                    sent,
                    new SocketLimits(1_000, 10, CAP, MAX_MESSAGES),
                    () -> overflows++);
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            for (Object next = in.current(); reads && next != null; next = in.current()) {
                taken += ((ByteBuf) next).readableBytes();
                in.remove();
            }
        }

        void end() {
            outbox.discard();
            close();
            runPendingTasks();
        }
    }

    SlowReadersTest() {
        for (int i = 0; i < READERS; i++) {
            slow.add(new Reader(false));
        }
    }

    @AfterEach
    void nothingIsLeft() {
        slow.forEach(Reader::end);
        fast.end();
        assertThat(used()).isZero();
    }

    private long used() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }

    private ByteBuf frame(int bytes) {
        return memory.directBuffer(bytes, bytes).writeZero(bytes);
    }

    /** Offers, as often as it takes, and returns the most memory that was in use after a tick. */
    private long flood(int frameBytes, int eachTick, boolean shared) {
        long most = 0;
        long offered = 0;
        for (int tick = 0; slow.stream().anyMatch(each -> each.overflows == 0); tick++) {
            assertThat(tick).as("ticks until all are full").isLessThan(2 * CAP / frameBytes + 2 * MAX_MESSAGES);
            for (int i = 0; i < eachTick; i++) {
                ByteBuf one = frame(frameBytes);
                fast.outbox.offer(one.retain());
                for (Reader each : slow) {
                    each.outbox.offer(shared ? one.retain() : frame(frameBytes));
                }
                one.release();
                offered += frameBytes;
            }
            slow.forEach(Reader::runPendingTasks);
            fast.runPendingTasks();
            most = Math.max(most, used());
            assertThat(fast.taken).isEqualTo(offered);
        }
        return most;
    }

    private void assertAllClosedOnceAndFree(int frameBytes) {
        assertThat(slow).allMatch(each -> each.overflows == 1);
        assertThat(slow).allMatch(each -> each.outbox.pendingMessages() == 0);
        assertThat(fast.overflows).isZero();
        assertThat(fast.outbox.pendingBytes()).isZero();
        // What the channel holds already goes when it closes.
        assertThat(used()).isLessThanOrEqualTo((long) READERS * (WATER_MARK + frameBytes + BATCH));
    }

    @Test
    @DisplayName("frames of their own: never more than the caps together, one frame and one batch each beside them")
    void ownFrames() {
        long most = flood(2_000, 3, false);
        assertThat(most).isBetween((long) READERS * CAP / 2, (long) READERS * (CAP + 3 * 2_000));
        assertAllClosedOnceAndFree(2_000);
    }

    @Test
    @DisplayName("small frames of their own, several in a tick, which are copied together")
    void smallFrames() {
        long most = flood(100, 20, false);
        assertThat(most).isLessThanOrEqualTo((long) READERS * (CAP + 2 * BATCH));
        assertAllClosedOnceAndFree(100);
    }

    @Test
    @DisplayName("a frame that all share is kept once: a thousand slow readers cost as much as one")
    void sharedFrames() {
        long most = flood(2_000, 1, true);
        assertThat(most).isLessThanOrEqualTo(CAP + 3 * 2_000);
        assertAllClosedOnceAndFree(2_000);
    }
}
