package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue in front of a socket that takes as much as a test wants it to. */
class OutboxTest {

    /** Takes whole buffers while {@code room} is left, as a socket's send buffer does. */
    private static final class Tap extends EmbeddedChannel {

        private final List<String> taken = new ArrayList<>();
        private int room = Integer.MAX_VALUE;
        private int writes;

        Tap() {
            config().setWriteBufferWaterMark(new WriteBufferWaterMark(1000, 2000));
            pipeline().addLast(new io.netty.channel.ChannelInboundHandlerAdapter() {
                @Override
                public void channelWritabilityChanged(io.netty.channel.ChannelHandlerContext context) {
                    if (onWritability != null) {
                        onWritability.run();
                    }
                }
            });
        }

        private Runnable onWritability;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            while (in.current() != null && room >= ((ByteBuf) in.current()).readableBytes()) {
                ByteBuf next = (ByteBuf) in.current();
                room -= next.readableBytes();
                taken.add(next.toString(StandardCharsets.US_ASCII));
                // As a socket does after a write that took only a part: this must never move a shared frame's indices.
                next.skipBytes(next.readableBytes());
                writes++;
                in.remove();
            }
        }

        String all() {
            return String.join("", taken);
        }
    }

    private final Tap channel = new Tap();
    private final SentCount sent = new SentCount();
    private final FlushTick tick = new FlushTick(channel.eventLoop());
    private int overflows;
    private final Outbox outbox =
            new Outbox(channel, tick, sent, new SocketLimits(1000, 10, 10_000, 20), () -> overflows++);
    private final List<ByteBuf> frames = new ArrayList<>();

    OutboxTest() {
        channel.onWritability = outbox::writabilityChanged;
    }

    private ByteBuf frame(String text) {
        ByteBuf frame = ByteBufUtil.writeAscii(PooledByteBufAllocator.DEFAULT, text);
        frames.add(frame);
        return frame;
    }

    private void turn() {
        channel.runPendingTasks();
    }

    private void roomFor(int bytes) {
        channel.room = bytes;
        channel.flush();
        turn();
    }

    @AfterEach
    void nothing_leaks() {
        outbox.discard();
        channel.room = Integer.MAX_VALUE;
        channel.flush();
        channel.close();
        turn();
        assertThat(frames).allMatch(frame -> frame.refCnt() == 0);
    }

    @Test
    void nothing_is_written_before_the_end_of_the_tick() {
        outbox.offer(frame("a"));
        assertThat(channel.taken).isEmpty();
        turn();
        assertThat(channel.taken).containsExactly("a");
        assertThat(outbox.pendingBytes()).isZero();
    }

    @Test
    void what_comes_in_one_tick_goes_out_in_one_write() {
        for (String each : List.of("a", "b", "c", "d")) {
            outbox.offer(frame(each));
        }
        turn();
        assertThat(channel.taken).containsExactly("abcd");
        outbox.offer(frame("e"));
        turn();
        assertThat(channel.taken).containsExactly("abcd", "e");
        assertThat(sent.frames()).isEqualTo(5);
        assertThat(sent.bytes()).isEqualTo(5);
    }

    @Test
    void long_frames_are_not_copied_and_keep_their_place() {
        String longOne = "L".repeat(1500);
        outbox.offer(frame("a"));
        outbox.offer(frame("b"));
        outbox.offer(frame(longOne));
        outbox.offer(frame("c"));
        turn();
        assertThat(channel.taken).containsExactly("ab", longOne, "c");
    }

    @Test
    void a_shared_frame_goes_to_many_and_its_indices_stay() {
        ByteBuf shared = frame("shared");
        Tap other = new Tap();
        Outbox second = new Outbox(other, new FlushTick(other.eventLoop()), sent, SocketLimits.DEFAULT, () -> {});
        shared.retain(2);
        outbox.offer(shared);
        second.offer(shared);
        turn();
        other.runPendingTasks();
        assertThat(channel.all()).isEqualTo("shared");
        assertThat(other.all()).isEqualTo("shared");
        assertThat(shared.readerIndex()).isZero();
        assertThat(shared.readableBytes()).isEqualTo(6);
        shared.release();
        other.close();
    }

    @Test
    void a_burst_in_one_tick_is_no_reason_to_queue_for_a_socket_that_takes_it() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String each = "frame number " + i + " " + "x".repeat(200);
            all.append(each);
            outbox.offer(frame(each));
        }
        turn();
        assertThat(overflows).isZero();
        assertThat(channel.all()).isEqualTo(all.toString());
    }

    @Test
    void what_a_full_socket_does_not_take_waits_in_order() {
        channel.room = 0;
        for (int i = 0; i < 15; i++) {
            outbox.offer(frame("frame " + i + " " + "x".repeat(400)));
            turn();
        }
        assertThat(channel.taken).isEmpty();
        assertThat(outbox.pendingBytes()).isGreaterThan(6000);
        roomFor(Integer.MAX_VALUE);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            expected.append("frame ").append(i).append(' ').append("x".repeat(400));
        }
        assertThat(channel.all()).isEqualTo(expected.toString());
        assertThat(outbox.pendingBytes()).isZero();
        outbox.offer(frame("after"));
        turn();
        assertThat(channel.all()).endsWith("after");
        assertThat(overflows).isZero();
    }

    @Test
    void too_many_bytes_overflow_once_and_are_let_go() {
        channel.room = 0;
        for (int i = 0; i < 50; i++) {
            outbox.offer(frame("x".repeat(1100)));
            turn();
        }
        assertThat(overflows).isEqualTo(1);
        // Only what the channel itself already had is still held.
        assertThat(frames.stream().filter(frame -> frame.refCnt() > 0)).hasSizeLessThanOrEqualTo(2);
        outbox.finishNow(frame("bye"), written -> {});
        roomFor(Integer.MAX_VALUE);
        assertThat(channel.all()).endsWith("bye").hasSizeLessThan(2500);
    }

    @Test
    void too_many_messages_overflow() {
        channel.room = 0;
        for (int i = 0; i < 19; i++) {
            outbox.offer(frame("x".repeat(20)));
            turn();
        }
        assertThat(overflows).isZero();
        for (int i = 0; i < 40; i++) {
            outbox.offer(frame("x".repeat(20)));
            turn();
        }
        assertThat(overflows).isEqualTo(1);
    }

    @Test
    void the_last_frame_goes_behind_all_others_and_nothing_follows() {
        channel.room = 0;
        for (int i = 0; i < 8; i++) {
            outbox.offer(frame("" + i + "x".repeat(400)));
            turn();
        }
        outbox.finish(frame("bye"));
        outbox.offer(frame("never"));
        roomFor(Integer.MAX_VALUE);
        assertThat(channel.all()).endsWith("7" + "x".repeat(400) + "bye").doesNotContain("never");
    }

    @Test
    void the_last_frame_takes_what_the_tick_brought_along() {
        outbox.offer(frame("a"));
        outbox.finish(frame("bye"));
        assertThat(channel.all()).isEqualTo("abye");
        turn();
        assertThat(channel.all()).isEqualTo("abye");
    }

    @Test
    void control_frames_are_dropped_for_who_does_not_read() {
        channel.room = 0;
        for (int i = 0; i < 8; i++) {
            outbox.offer(frame("x".repeat(400)));
            turn();
        }
        long before = outbox.pendingBytes();
        outbox.urgent(frame("ping"));
        turn();
        assertThat(outbox.pendingBytes()).isEqualTo(before);
    }

    @Test
    void a_closed_outbox_lets_everything_go() {
        outbox.offer(frame("a"));
        outbox.discard();
        outbox.offer(frame("b"));
        turn();
        assertThat(channel.taken).isEmpty();
    }
}
