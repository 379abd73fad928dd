package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.codec.BodyCodec;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What travels over links, and what does not get through them. */
class ParcelTest {

    private final List<String> received = new ArrayList<>();

    private final Parcel.Receiver receiver = new Parcel.Receiver() {
        @Override
        public void publication(String group, Publication publication) {
            received.add(group + " " + publication.position() + " " + publication.payload());
        }

        @Override
        public void broadcast(Publication publication) {
            received.add("all " + publication.headers() + " " + publication.payload());
        }

        @Override
        public void send(String connectionId, Buffer payload) {
            received.add(connectionId + " " + payload);
        }
    };

    private static Logged logged(long offset, String text) {
        byte[] body = BodyCodec.encode(Draft.text(null, text)).getBytes();
        return new Logged(offset, 1_000, Logged.MESSAGE, body, text.length());
    }

    @Test
    void everything_arrives_as_it_was_sent() {
        Draft fast = Draft.text("c1", "fast").asFast().withHeaders(Map.of("a", "b"));
        Parcel.unpack(Parcel.publications("room ü🙂", "e1", List.of(logged(7, "one"), logged(8, ""))), receiver);
        Parcel.unpack(Parcel.fast("room", 5, BodyCodec.encode(fast)), receiver);
        Parcel.unpack(Parcel.broadcast(5, BodyCodec.encode(fast)), receiver);
        Parcel.unpack(Parcel.send("c1", Buffer.buffer("bytes")), receiver);

        assertThat(received)
                .containsExactly(
                        "room ü🙂 " + new Position("e1", 7) + " one",
                        "room ü🙂 " + new Position("e1", 8) + " ",
                        "room null fast",
                        "all {a=b} fast",
                        "c1 bytes");
    }

    @Property
    void rubbish_is_dropped_and_what_comes_next_is_heard(@ForAll @Size(max = 200) byte[] rubbish) {
        received.clear();
        Inbox inbox = new Inbox(receiver, () -> {});
        inbox.livesAs(1);
        inbox.accept(new Frame(5, 1, 1, List.of(rubbish, Parcel.send("c1", Buffer.buffer("next")))));

        assertThat(received).endsWith("c1 next");
    }

    @Property
    void a_parcel_cut_anywhere_brings_nothing_that_was_not_sent(@ForAll @IntRange(max = 200) int length) {
        received.clear();
        byte[] whole = Parcel.publications("room", "e1", List.of(logged(1, "one"), logged(2, "two")));
        byte[] cut = Arrays.copyOf(whole, Math.min(length, whole.length - 1));
        Inbox inbox = new Inbox(receiver, () -> {});
        inbox.livesAs(1);
        inbox.accept(new Frame(5, 1, 1, List.of(cut)));

        assertThat(received).isSubsetOf("room e1:1 one");
    }
}
