package dev.muster.node.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Slice;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One connection and its rooms. */
class MembershipTest {

    private final ManualRegistry manual = new ManualRegistry();
    private final Rooms rooms = new Rooms(manual.registry, List.of(), Clock.systemUTC(), () -> 0, null);
    private final TestLoop loop = new TestLoop();
    private final TrackedFraming framing = new TrackedFraming();
    private final FakeConnection connection = new FakeConnection("me", loop, framing);
    private final TestMember member = new TestMember(connection, TestMember.SILENT);

    private Future<Position> join(String room) {
        Future<Position> joined = rooms.join(member, room);
        if (manual.waits("watch")) {
            manual.answer("watch", ManualRegistry.at(0));
        }
        manual.answer("join me", ManualRegistry.at(0));
        return joined;
    }

    @Test
    @DisplayName("joining again asks nobody and answers the same")
    void joinAgain() {
        Future<Position> first = rooms.join(member, "g");
        Future<Position> second = rooms.join(member, "g");
        manual.answer("watch", ManualRegistry.at(3));
        manual.answer("join me", ManualRegistry.at(4));
        Future<Position> third = rooms.join(member, "g");

        assertThat(List.of(first, second, third))
                .allSatisfy(joined -> assertThat(joined.result()).isEqualTo(ManualRegistry.at(4)));
        assertThat(manual.calls).containsExactly("watch", "join me");
        assertThat(connection.got).containsExactly("welcome 4");
    }

    @Test
    @DisplayName("who joins while it leaves is in again afterwards")
    void joinWhileLeaving() {
        join("g");
        Future<Boolean> left = rooms.leave(connection, "g");
        Future<Position> again = rooms.join(member, "g");
        assertThat(manual.calls).containsExactly("watch", "join me", "leave me");
        manual.answer("leave me", true);
        assertThat(left.result()).isTrue();
        manual.answer("join me", ManualRegistry.at(2));
        assertThat(again.result()).isEqualTo(ManualRegistry.at(2));
        assertThat(rooms.roomsOf(connection)).containsExactly("g");
    }

    @Test
    @DisplayName("a leave that fails leaves a member, who may leave again")
    void leaveFails() {
        join("g");
        Future<Boolean> left = rooms.leave(connection, "g");
        manual.refuse("leave me", RegistryException.Reason.UNAVAILABLE);
        assertThat(left.failed()).isTrue();

        rooms.onPublication("g", ManualRegistry.message(1));
        loop.runAll();
        assertThat(connection.got).containsExactly("welcome 0", "m1");

        left = rooms.leave(connection, "g");
        manual.answer("leave me", true);
        assertThat(left.result()).isTrue();
        rooms.onPublication("g", ManualRegistry.message(2));
        loop.runAll();
        assertThat(connection.got).containsExactly("welcome 0", "m1");
    }

    @Test
    @DisplayName("leaving a room one is not in answers false")
    void leaveNothing() {
        assertThat(rooms.leave(connection, "g").result()).isFalse();
        assertThat(manual.calls).isEmpty();
    }

    @Test
    @DisplayName("a connection is in at most 128 rooms, and has room again after leaving one")
    void limit() {
        for (int i = 0; i < 128; i++) {
            assertThat(join("g" + i).succeeded()).isTrue();
        }
        Future<Position> refused = rooms.join(member, "one more");
        assertThat(refused.cause())
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RegistryException.Reason.REJECTED));

        rooms.leave(connection, "g5");
        manual.answer("leave me", true);
        assertThat(join("one more").succeeded()).isTrue();
        assertThat(rooms.roomsOf(connection)).hasSize(128);
    }

    @Test
    @DisplayName("leaving all leaves each")
    void leaveAll() {
        join("a");
        join("b");
        Future<Void> left = rooms.leaveAll(connection);
        manual.answer("leave me", true);
        assertThat(left.isComplete()).isFalse();
        manual.answer("leave me", true);
        assertThat(left.succeeded()).isTrue();
        assertThat(rooms.roomsOf(connection)).isEmpty();
    }

    @Test
    @DisplayName("who leaves is heard first: the registry is asked once it answered what the member said")
    void lastWords() {
        join("g");
        say("g");
        say("g");
        Future<Boolean> left = rooms.leave(connection, "g");
        manual.answer("publish", published(1));
        assertThat(manual.calls).doesNotContain("leave me");

        manual.answer("publish", published(2));
        assertThat(manual.calls).contains("leave me");
        manual.answer("leave me", true);
        assertThat(left.result()).isTrue();
    }

    @Test
    @DisplayName("a refused word holds nobody back")
    void refusedWord() {
        join("g");
        say("g");
        rooms.leave(connection, "g");
        manual.refuse("publish", RegistryException.Reason.UNAVAILABLE);
        assertThat(manual.calls).contains("leave me");
    }

    @Test
    @DisplayName("what is said in one room holds up no leaving of another")
    void lastWordsElsewhere() {
        join("a");
        join("b");
        say("a");
        rooms.leave(connection, "b");
        assertThat(manual.calls).contains("leave me");
    }

    @Test
    @DisplayName("a connection is gone once its last words in all rooms are answered")
    void goneAfterLastWords() {
        join("a");
        join("b");
        say("a");
        say("b");
        Future<?> gone = rooms.gone(connection);
        manual.answer("publish", published(1));
        assertThat(gone.isComplete()).isFalse();
        manual.answer("publish", published(1));
        assertThat(gone.isComplete()).isTrue();
    }

    private void say(String room) {
        rooms.say(member, room, Draft.text("me", "hi"));
    }

    private static Published published(long offset) {
        return new Published(ManualRegistry.at(offset), false);
    }

    @Test
    @DisplayName("a closed connection joins nothing and is not remembered")
    void closed() {
        connection.open = false;
        assertThat(rooms.join(member, "g").failed()).isTrue();
        assertThat(rooms.count()).isZero();
    }

    @Test
    @DisplayName("a loss of members' changes and a reset reach every member, in order with the rest")
    void resets() {
        join("g");
        rooms.onPublication("g", ManualRegistry.message(1));
        rooms.onMembersReset("g");
        loop.runAll();
        assertThat(connection.got).containsExactly("welcome 0", "m1", "x");
    }

    @Test
    @DisplayName("what a feed cannot bring any more is told as a reset, and the feed goes on behind it")
    void feedReset() {
        join("g");
        rooms.onPublication("g", ManualRegistry.message(5));
        manual.answer("read", Slice.broken(ManualRegistry.at(7), Slice.Completeness.TRIMMED));
        rooms.onPublication("g", ManualRegistry.message(8));
        loop.runAll();
        assertThat(connection.got).containsExactly("welcome 0", "reset 7", "m8");
        framing.assertAllReleased();
    }
}
