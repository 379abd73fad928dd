package dev.muster.node.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Entering and leaving a room, in every order in which the steps can fall. */
class EnteringTest {

    private static final int LOG = 6;
    private static final int WATCHED_AT = 1;

    private final AtomicLong nanos = new AtomicLong();

    /** One run: the fakes, a log of six publications of which one is the member's own joining, and who hears them. */
    private final class Scene {
        final Choices choices;
        final ManualRegistry manual = new ManualRegistry();
        final Rooms rooms = new Rooms(manual.registry, List.of(), Clock.systemUTC(), nanos::get, null);
        final TestLoop loop = new TestLoop();
        final TrackedFraming framing = new TrackedFraming();
        final FakeConnection connection = new FakeConnection("me", loop, framing);
        final long joinedAt;
        int delivered = WATCHED_AT;
        Future<Position> entered = Future.failedFuture("not yet");

        Scene(Choices choices) {
            this.choices = choices;
            this.joinedAt = WATCHED_AT + choices.pick(4);
        }

        Publication publication(long offset) {
            return offset == joinedAt + 1 ? ManualRegistry.joined("me", offset) : ManualRegistry.message(offset);
        }

        /** What could happen now, beside what a test adds. */
        List<Runnable> possible() {
            List<Runnable> possible = new ArrayList<>();
            if (manual.waits("watch")) {
                possible.add(() -> manual.answer("watch", ManualRegistry.at(WATCHED_AT)));
            }
            if (manual.waits("join me")) {
                possible.add(() -> manual.answer("join me", ManualRegistry.at(joinedAt)));
            }
            if (delivered < LOG && (delivered < joinedAt || manual.calls.contains("join me"))) {
                possible.add(() -> rooms.onPublication("g", publication(++delivered)));
            }
            if (loop.hasTasks()) {
                possible.add(loop::runOne);
            }
            return possible;
        }

        void enter() {
            entered = rooms.join(new TestMember(connection, TestMember.ECHOING), "g");
        }

        List<String> expected() {
            List<String> expected = new ArrayList<>();
            expected.add("welcome " + joinedAt);
            for (long offset = joinedAt + 1; offset <= LOG; offset++) {
                expected.add((offset == joinedAt + 1 ? "j" : "m") + offset);
            }
            return expected;
        }
    }

    @Test
    @DisplayName("a member gets its welcome, then everything after its join, once and in order")
    void everyOrder() {
        int runs = Choices.all(choices -> {
            Scene scene = new Scene(choices);
            scene.enter();
            for (List<Runnable> next = scene.possible(); !next.isEmpty(); next = scene.possible()) {
                next.get(choices.pick(next.size())).run();
            }
            assertThat(scene.entered.succeeded()).isTrue();
            assertThat(scene.connection.got).isEqualTo(scene.expected());
            scene.framing.assertAllReleased();
        });
        assertThat(runs).isGreaterThan(500);
    }

    @Test
    @DisplayName("a socket that closes at any moment gets nothing more, and everything is given back")
    void closesAtAnyMoment() {
        Choices.all(choices -> {
            Scene scene = new Scene(choices);
            scene.enter();
            boolean closed = false;
            int gotBefore = 0;
            while (true) {
                List<Runnable> next = scene.possible();
                int mayClose = closed ? 0 : 1;
                if (next.isEmpty() && closed) {
                    break;
                }
                int picked = choices.pick(next.size() + mayClose);
                if (picked == next.size()) {
                    scene.connection.open = false;
                    scene.rooms.gone(scene.connection);
                    scene.connection.open = true; // it would take what must not come
                    gotBefore = scene.connection.got.size();
                    closed = true;
                } else {
                    next.get(picked).run();
                }
            }
            assertThat(scene.connection.got).hasSize(gotBefore);
            assertThat(scene.connection.got).isEqualTo(scene.expected().subList(0, scene.connection.got.size()));
            assertThat(scene.entered.isComplete()).isTrue();
            assertThat(scene.rooms.roomsOf(scene.connection)).isEmpty();
            scene.framing.assertAllReleased();
            assertUnwatched(scene);
        });
    }

    @Test
    @DisplayName("who leaves while it joins joins first, and then hears nothing more")
    void leavesAtAnyMoment() {
        Choices.all(choices -> {
            Scene scene = new Scene(choices);
            scene.enter();
            Future<Boolean> left = null;
            while (true) {
                List<Runnable> next = scene.possible();
                if (scene.manual.waits("leave me")) {
                    next.add(() -> scene.manual.answer("leave me", true));
                }
                if (left == null) {
                    next.add(null);
                }
                if (next.isEmpty()) {
                    break;
                }
                Runnable picked = next.get(choices.pick(next.size()));
                if (picked == null) {
                    left = scene.rooms.leave(scene.connection, "g");
                } else {
                    picked.run();
                }
            }
            assertThat(left.result()).isTrue();
            assertThat(scene.connection.got).isEqualTo(scene.expected().subList(0, scene.connection.got.size()));
            assertThat(scene.manual.calls).containsSubsequence("watch", "join me", "leave me");
            scene.framing.assertAllReleased();
            assertUnwatched(scene);
        });
    }

    @Test
    @DisplayName("a join that fails at any moment leaves no seat and no frame behind")
    void failsAtAnyMoment() {
        Choices.all(choices -> {
            Scene scene = new Scene(choices);
            scene.enter();
            boolean failed = false;
            while (true) {
                List<Runnable> next = scene.possible();
                if (next.isEmpty()) {
                    break;
                }
                String waiting = scene.manual.waits("watch") ? "watch" : scene.manual.waits("join me") ? "join me" : "";
                if (!failed && !waiting.isEmpty() && choices.pick(2) == 1) {
                    scene.manual.refuse(waiting, RegistryException.Reason.UNAVAILABLE);
                    failed = true;
                } else {
                    next.get(choices.pick(next.size())).run();
                }
            }
            if (failed) {
                assertThat(scene.entered.failed()).isTrue();
                assertThat(scene.connection.got).isEmpty();
                assertThat(scene.rooms.count()).isZero();
                if (scene.manual.calls.contains("join me")) {
                    // else the watch failed, and there is nothing to end
                    assertUnwatched(scene);
                }
            }
            scene.framing.assertAllReleased();
        });
    }

    @Test
    @DisplayName("a join whose outcome is unknown is taken back")
    void unknownOutcome() {
        Scene scene = new Scene(new Choices());
        scene.enter();
        scene.manual.answer("watch", ManualRegistry.at(WATCHED_AT));
        scene.manual.refuse("join me", RegistryException.Reason.TIMEOUT);
        assertThat(scene.entered.failed()).isTrue();
        assertThat(scene.manual.calls).containsExactly("watch", "join me", "leave me");
    }

    /** Nobody is in the room any more: it is given up, five seconds later and not before. */
    private void assertUnwatched(Scene scene) {
        assertThat(scene.rooms.count()).isZero();
        nanos.addAndGet(RoomTable.LINGER_NANOS - 1);
        scene.rooms.tick(nanos.get());
        assertThat(scene.manual.calls).doesNotContain("unwatch");
        nanos.addAndGet(1);
        scene.rooms.tick(nanos.get());
        if (!scene.manual.calls.contains("unwatch")) {
            // The watch itself is still under way; ending it follows at once.
            scene.manual.answer("watch", ManualRegistry.at(WATCHED_AT));
        }
        assertThat(scene.manual.calls).containsOnlyOnce("unwatch");
    }
}
