package dev.muster.node.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.Publication;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How an event reaches the members of a room on one node. */
class DeliveryTest {

    private final ManualRegistry manual = new ManualRegistry();
    private final Rooms rooms = new Rooms(manual.registry, List.of(), Clock.systemUTC(), () -> 0, null);
    private final TestLoop one = new TestLoop();
    private final TestLoop two = new TestLoop();
    private final TrackedFraming framing = new TrackedFraming();

    private FakeConnection member(String id, TestLoop loop, Encoder encoder) {
        FakeConnection connection = new FakeConnection(id, loop, framing);
        rooms.join(new TestMember(connection, encoder), "g");
        if (manual.waits("watch")) {
            manual.answer("watch", ManualRegistry.at(0));
        }
        manual.answer("join " + id, ManualRegistry.at(0));
        assertThat(connection.got).containsExactly("welcome 0");
        connection.got.clear();
        return connection;
    }

    private void publish(Publication publication) {
        rooms.onPublication("g", publication);
        one.runAll();
        two.runAll();
    }

    @Test
    @DisplayName("an event is encoded once for each format on the node, however many members and loops there are")
    void encodedOnce() {
        List<FakeConnection> members = IntStream.range(0, 20)
                .mapToObj(i ->
                        member("c" + i, i % 2 == 0 ? one : two, i % 4 < 2 ? TestMember.ECHOING : TestMember.SILENT))
                .toList();

        publish(ManualRegistry.message(1));

        assertThat(framing.made()).isEqualTo(2);
        assertThat(members).allSatisfy(member -> assertThat(member.got).containsExactly("m1"));
        framing.assertAllReleased();
        assertThat(rooms.activity("g").sent()).isEqualTo(20);
    }

    @Test
    @DisplayName("many publications cost a loop one task")
    void oneTask() {
        FakeConnection member = member("a", one, TestMember.SILENT);
        int before = one.executed();

        for (int offset = 1; offset <= 100; offset++) {
            rooms.onPublication("g", ManualRegistry.message(offset));
        }
        one.runAll();

        assertThat(one.executed() - before).isEqualTo(1);
        assertThat(member.got).hasSize(100).startsWith("m1", "m2").endsWith("m100");
    }

    @Test
    @DisplayName("a long backlog is split into tasks, so that the loop can read its sockets in between")
    void backlogIsSplit() {
        FakeConnection member = member("a", one, TestMember.SILENT);
        for (int offset = 1; offset <= 1000; offset++) {
            rooms.onPublication("g", ManualRegistry.message(offset));
        }
        one.runOne();
        assertThat(member.got).hasSize(256);
        one.runAll();
        assertThat(member.got).hasSize(1000).endsWith("m1000");
    }

    @Test
    @DisplayName("a sender hears itself only where its protocol echoes, and never its own leaving")
    void sender() {
        FakeConnection echoing = member("e", one, TestMember.ECHOING);
        FakeConnection silent = member("s", one, TestMember.SILENT);

        publish(ManualRegistry.message("e", 1));
        publish(ManualRegistry.message("s", 2));
        publish(ManualRegistry.left("e", 3));

        assertThat(echoing.got).containsExactly("m1", "m2");
        assertThat(silent.got).containsExactly("m1", "l3");
        framing.assertAllReleased();
    }

    @Test
    @DisplayName("a broken member costs the others nothing, and no frame is lost")
    void brokenMember() {
        FakeConnection before = member("a", one, TestMember.SILENT);
        FakeConnection broken = member("b", one, TestMember.SILENT);
        FakeConnection after = member("c", one, TestMember.SILENT);
        broken.broken = true;

        publish(ManualRegistry.message(1));

        assertThat(before.got).containsExactly("m1");
        assertThat(after.got).containsExactly("m1");
        framing.assertAllReleased();
    }

    @Test
    @DisplayName("an encoder that throws hides the event from its own members only")
    void brokenEncoder() {
        FakeConnection fine = member("a", one, TestMember.SILENT);
        FakeConnection unlucky = member("b", one, new Encoder() {
            @Override
            public ByteBuf encode(RoomEvent event, Framing framing) {
                throw new IllegalStateException("for the test");
            }

            @Override
            public boolean echoes() {
                return false;
            }
        });

        publish(ManualRegistry.message(1));

        assertThat(fine.got).containsExactly("m1");
        assertThat(unlucky.got).isEmpty();
    }

    @Test
    @DisplayName("those left out do not get it, in cohorts and while entering")
    void except() {
        FakeConnection a = member("a", one, TestMember.SILENT);
        FakeConnection b = member("b", two, TestMember.ECHOING);
        FakeConnection c = member("c", one, TestMember.ECHOING);
        FakeConnection entering = new FakeConnection("d", one, framing);
        rooms.join(new TestMember(entering, TestMember.SILENT), "g");

        Draft draft = Except.in(Draft.text(null, "hi"), Set.of("a", "b", "d"));
        publish(Publication.of(draft, ManualRegistry.at(1), 0));
        publish(ManualRegistry.message(2));
        manual.answer("join d", ManualRegistry.at(0));

        assertThat(a.got).containsExactly("m2");
        assertThat(b.got).containsExactly("m2");
        assertThat(c.got).containsExactly("m1", "m2");
        assertThat(entering.got).containsExactly("welcome 0", "m2");
        framing.assertAllReleased();
    }

    @Test
    @DisplayName("more than 128 cannot be left out of one message")
    void exceptTooMany() {
        Set<String> many = IntStream.range(0, 129).mapToObj(i -> "c" + i).collect(Collectors.toSet());
        Draft draft = Draft.text(null, "hi");
        assertThatThrownBy(() -> Except.in(draft, many)).hasMessageContaining("at most 128");
    }

    @Test
    @DisplayName("a fast message goes to those who are in, not to those who are entering")
    void fast() {
        FakeConnection in = member("a", one, TestMember.SILENT);
        FakeConnection entering = new FakeConnection("b", one, framing);
        rooms.join(new TestMember(entering, TestMember.SILENT), "g");
        publish(ManualRegistry.message(1));
        publish(Publication.of(
                new Draft(null, ContentType.TEXT, Buffer.buffer("!"), Map.of(), true, null, null), null, 0));
        manual.answer("join b", ManualRegistry.at(1));
        publish(ManualRegistry.message(2));

        assertThat(in.got).containsExactly("m1", "m!", "m2");
        assertThat(entering.got).containsExactly("welcome 1", "m2");
    }

    @Test
    @DisplayName("a member that leaves from within a delivery harms nobody")
    void leavesWithinDelivery() {
        FakeConnection first = member("a", one, TestMember.SILENT);
        FakeConnection last = member("z", one, TestMember.SILENT);
        Connection leaver = new FakeConnection("m", one, framing);
        rooms.join(
                new TestMember(leaver, new Encoder() {
                    @Override
                    public ByteBuf encode(RoomEvent event, Framing framing) {
                        rooms.gone(first);
                        return framing.text(Unpooled.copiedBuffer(new byte[] {'x'}));
                    }

                    @Override
                    public boolean echoes() {
                        return false;
                    }
                }),
                "g");
        manual.answer("join m", ManualRegistry.at(0));

        publish(ManualRegistry.message(1));
        publish(ManualRegistry.message(2));

        assertThat(first.got).containsExactly("m1");
        assertThat(last.got).containsExactly("m1", "m2");
        framing.assertAllReleased();
    }

    @Test
    @DisplayName("a loop that is 64 MiB behind drops, and its members are told where")
    void overrun() {
        FakeConnection slow = member("a", one, TestMember.SILENT);
        FakeConnection fine = member("b", two, TestMember.SILENT);
        Buffer big = Buffer.buffer(new byte[1 << 20]);
        int count = (int) (Mailbox.MAX_BYTES >> 20) + 5;

        for (int offset = 1; offset <= count; offset++) {
            rooms.onPublication("g", Publication.of(Draft.binary(null, big), ManualRegistry.at(offset), 0));
            two.runAll();
        }
        one.runAll();
        publish(ManualRegistry.message(count + 1));

        assertThat(fine.got).hasSize(count + 1).doesNotContain("reset");
        assertThat(slow.got.get(slow.got.size() - 1)).isEqualTo("m" + (count + 1));
        // those that came, the reset in place of the next, and the one after the backlog
        assertThat(slow.got.get(slow.got.size() - 2)).isEqualTo("reset " + (slow.got.size() - 1));
        assertThat(slow.got.size()).isLessThan(count);
        framing.assertAllReleased();
    }

    @Test
    @DisplayName("a loop that has stopped gives back what was meant for it")
    void stoppedLoop() {
        member("a", one, TestMember.SILENT);
        FakeConnection other = member("b", two, TestMember.SILENT);
        one.stop();
        publish(ManualRegistry.message(1));
        assertThat(other.got).containsExactly("m1");
        framing.assertAllReleased();
    }

    @Test
    @DisplayName("what a joiner could not be kept is no hole if it was before the join, and a refusal otherwise")
    void boundedWhileEntering() {
        FakeConnection early = new FakeConnection("early", one, framing);
        var entered = rooms.join(new TestMember(early, TestMember.SILENT), "g");
        manual.answer("watch", ManualRegistry.at(0));
        for (int offset = 1; offset <= Seat.MAX_HELD + 10; offset++) {
            publish(ManualRegistry.message(offset));
        }
        manual.answer("join early", ManualRegistry.at(9));
        assertThat(entered.failed()).isTrue();
        assertThat(entered.cause()).hasMessageContaining("4003");
        assertThat(manual.calls).contains("leave early");
        assertThat(early.got).isEmpty();

        FakeConnection late = new FakeConnection("late", one, framing);
        entered = rooms.join(new TestMember(late, TestMember.SILENT), "g");
        for (int offset = Seat.MAX_HELD + 11; offset <= 2 * Seat.MAX_HELD + 20; offset++) {
            publish(ManualRegistry.message(offset));
        }
        manual.answer("join late", ManualRegistry.at(2 * Seat.MAX_HELD + 18));
        assertThat(entered.succeeded()).isTrue();
        assertThat(late.got)
                .containsExactly(
                        "welcome " + (2 * Seat.MAX_HELD + 18),
                        "m" + (2 * Seat.MAX_HELD + 19),
                        "m" + (2 * Seat.MAX_HELD + 20));
        framing.assertAllReleased();
    }
}
