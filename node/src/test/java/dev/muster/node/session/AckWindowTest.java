package dev.muster.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.session.AckWindow.Due;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Numbers, places, bounds and patience of a session's unacknowledged messages. */
class AckWindowTest {

    private static final long SECOND = 1_000_000_000L;

    private final AckWindow window = new AckWindow(SessionSettings.DEFAULT, 0, at(10));
    private final List<ByteBuf> bodies = new ArrayList<>();

    private static Position at(long offset) {
        return new Position("e", offset);
    }

    private void add(long offset, int bytes, long sentAt) {
        ByteBuf body = Unpooled.wrappedBuffer(new byte[bytes]);
        bodies.add(body);
        window.add(body, at(offset));
        window.sent(window.last(), sentAt);
    }

    @Test
    @DisplayName("an acknowledgement frees everything up to it, and moves the place to go on from")
    void cumulative() {
        window.pass(at(12));
        add(13, 10, 0);
        add(15, 10, 0);
        window.pass(at(16));
        add(17, 10, 0);
        assertThat(window.through()).isEqualTo(at(12));

        assertThat(window.ack(2)).isEqualTo(2);
        assertThat(window.acked()).isEqualTo(2);
        assertThat(window.through()).isEqualTo(at(15));
        assertThat(bodies).extracting(ByteBuf::refCnt).containsExactly(0, 0, 1);
        assertThat(window.ack(1)).isZero();
        assertThat(window.ack(4)).isEqualTo(-1);
        assertThat(window.ack(-1)).isEqualTo(-1);
        assertThat(window.ack(3)).isEqualTo(1);
        window.pass(at(18));
        assertThat(window.through()).isEqualTo(at(18));
        assertThat(window.bytes()).isZero();
    }

    @Test
    @DisplayName("after 5 s without an acknowledgement everything goes out again, 3 times, then it is given up")
    void patience() {
        add(11, 1, 0);
        assertThat(window.due(5 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(window.due(5 * SECOND)).isEqualTo(Due.SEND_AGAIN);
        assertThat(window.due(10 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(window.due(10 * SECOND)).isEqualTo(Due.SEND_AGAIN);
        assertThat(window.due(15 * SECOND)).isEqualTo(Due.SEND_AGAIN);
        assertThat(window.due(20 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(window.due(20 * SECOND)).isEqualTo(Due.GIVE_UP);
    }

    @Test
    @DisplayName("progress begins the rounds anew")
    void progress() {
        add(11, 1, 0);
        add(12, 1, 0);
        assertThat(window.due(5 * SECOND)).isEqualTo(Due.SEND_AGAIN);
        assertThat(window.due(10 * SECOND)).isEqualTo(Due.SEND_AGAIN);
        assertThat(window.due(15 * SECOND)).isEqualTo(Due.SEND_AGAIN);
        window.ack(1);
        assertThat(window.due(20 * SECOND)).isEqualTo(Due.SEND_AGAIN);
        window.ack(2);
        assertThat(window.due(60 * SECOND)).isEqualTo(Due.NOTHING);
        add(13, 1, 60 * SECOND);
        assertThat(window.due(65 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(window.due(65 * SECOND)).isEqualTo(Due.SEND_AGAIN);
    }

    @Test
    @DisplayName("it is full at 1,000 messages, or at 1 MiB of more than none")
    void full() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(window.isFull()).isFalse();
            add(11 + i, 1, 0);
        }
        assertThat(window.isFull()).isTrue();
        window.ack(1);
        assertThat(window.isFull()).isFalse();
        window.ack(1_000);

        add(2_000, 2 << 20, 0);
        assertThat(window.isFull()).isTrue();
    }

    @Test
    @DisplayName("cleared, it stands where the client stands, and holds nothing")
    void cleared() {
        add(11, 1, 0);
        add(12, 1, 0);
        window.ack(1);
        window.clear();
        assertThat(window.through()).isEqualTo(at(11));
        assertThat(window.acked()).isEqualTo(1);
        assertThat(bodies).extracting(ByteBuf::refCnt).containsOnly(0);

        window.pass(at(30));
        window.clear();
        assertThat(window.through()).isEqualTo(at(30));
    }

    @Property
    void itGoesOnFromTheLastAcknowledged(@ForAll @Size(max = 300) List<@IntRange(min = 0, max = 9) Integer> steps) {
        AckWindow walked = new AckWindow(
                new SessionSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 1_000, 1 << 20), 0, at(0));
        List<Long> places = new ArrayList<>(List.of(0L));
        long offset = 0;
        for (int step : steps) {
            offset++;
            if (step < 6) {
                walked.add(Unpooled.wrappedBuffer(new byte[step]), at(offset));
                places.add(offset);
            } else if (step < 8) {
                walked.pass(at(offset));
            } else {
                walked.ack(walked.acked() + (step == 8 ? 1 : walked.size()));
            }
            long next = walked.acked() + 1;
            assertThat(walked.last()).isEqualTo(places.size() - 1);
            assertThat(walked.through().offset()).isGreaterThanOrEqualTo(places.get((int) walked.acked()));
            if (next < places.size()) {
                assertThat(walked.through().offset()).isLessThan(places.get((int) next));
            }
        }
        walked.clear();
        assertThat(walked.bytes()).isZero();
    }
}
