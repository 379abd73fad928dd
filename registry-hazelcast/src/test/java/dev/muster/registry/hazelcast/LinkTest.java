package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Publication;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Both ends of a link: order, repetition, and holes that are noticed. */
class LinkTest {

    private static final long INCARNATION = 42;

    private final List<String> received = new ArrayList<>();
    private final AtomicInteger holes = new AtomicInteger();
    private final Link link = new Link(new NodeRef(new UUID(1, 2), INCARNATION));
    private final Inbox inbox = new Inbox(new Sent(), holes::incrementAndGet);

    LinkTest() {
        inbox.livesAs(INCARNATION);
    }

    private final class Sent implements Parcel.Receiver {
        @Override
        public void publication(String group, Publication publication) {
            throw new AssertionError("nothing of this kind was sent");
        }

        @Override
        public void broadcast(Publication publication) {
            throw new AssertionError("nothing of this kind was sent");
        }

        @Override
        public void send(String connectionId, Buffer payload) {
            received.add(connectionId);
        }
    }

    private static byte[] parcel(String id) {
        return Parcel.send(id, Buffer.buffer());
    }

    @Test
    void what_comes_while_a_frame_is_under_way_goes_into_the_next_together() {
        Frame first = link.offer(parcel("a"));
        assertThat(link.offer(parcel("b"))).isNull();
        assertThat(link.offer(parcel("c"))).isNull();
        assertThat(inbox.accept(first)).isTrue();
        Frame second = link.arrived();
        assertThat(second.parcels()).hasSize(2);
        inbox.accept(second);

        assertThat(link.arrived()).isNull();
        assertThat(link.idle()).isTrue();
        assertThat(received).containsExactly("a", "b", "c");
        assertThat(holes).hasValue(0);
    }

    @Test
    void a_frame_that_comes_twice_is_heard_once() {
        Frame first = link.offer(parcel("a"));
        inbox.accept(first);
        assertThat(link.again()).isSameAs(first);
        inbox.accept(first);
        link.offer(parcel("b"));
        inbox.accept(link.arrived());
        inbox.accept(first);

        assertThat(received).containsExactly("a", "b");
        assertThat(holes).hasValue(0);
    }

    @Test
    void a_lost_frame_is_noticed_with_the_next() {
        link.offer(parcel("lost"));
        link.offer(parcel("next"));
        inbox.accept(link.arrived());

        assertThat(holes).hasValue(1);
        assertThat(received).containsExactly("next");
    }

    @Test
    void a_node_that_takes_nothing_costs_a_bounded_amount_and_learns_of_the_hole() {
        byte[] large = new byte[1 << 20];
        Frame first = link.offer(parcel("first"));
        for (int i = 0; i < 100; i++) {
            assertThat(link.offer(large)).isNull();
        }
        inbox.accept(first);
        long bytes = 0;
        for (Frame next = link.arrived(); next != null; next = link.arrived()) {
            bytes += next.parcels().stream().mapToLong(each -> each.length).sum();
            inbox.accept(new Frame(next.link(), next.incarnation(), next.first(), List.of()));
        }

        assertThat(bytes).isLessThanOrEqualTo(Link.MAX_WAITING);
        assertThat(holes).hasPositiveValue();
    }

    @Test
    void a_hole_at_the_end_is_told_without_waiting_for_another_parcel() {
        byte[] large = new byte[(int) Link.MAX_WAITING];
        Frame first = link.offer(parcel("first"));
        link.offer(large);
        link.offer(parcel("dropped"));
        inbox.accept(first);
        Frame told = link.arrived();
        assertThat(told.parcels()).isEmpty();
        inbox.accept(told);

        assertThat(holes).hasValue(1);
        assertThat(link.arrived()).isNull();
    }

    @Test
    void what_is_meant_for_an_earlier_incarnation_is_refused() {
        Frame late = link.offer(parcel("late"));
        inbox.livesAs(INCARNATION + 1);

        assertThat(inbox.accept(late)).isFalse();
        assertThat(received).isEmpty();
    }
}
