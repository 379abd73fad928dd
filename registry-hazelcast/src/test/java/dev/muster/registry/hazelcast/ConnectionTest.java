package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order of the calls that concern one connection (R05). */
class ConnectionTest {

    private final Connection connection = new Connection(record("one"));
    private final List<String> begun = new ArrayList<>();

    private static ConnectionRecord record(String name) {
        return new ConnectionRecord("c1", NodeId.fresh("n1"), "tcp", null, null, name, Instant.EPOCH);
    }

    private CompletableFuture<String> begin(String call, CompletableFuture<String> end) {
        begun.add(call);
        return end;
    }

    private CompletableFuture<String> inGroup(String call, CompletableFuture<String> end) {
        return Objects.requireNonNull(connection.inGroup(() -> begin(call, end)));
    }

    private static CompletableFuture<String> ended() {
        return CompletableFuture.completedFuture("ended");
    }

    @Test
    void calls_begin_in_the_order_in_which_they_were_asked_for() {
        CompletableFuture<String> registered = new CompletableFuture<>();
        connection.renew(record("two"), former -> begin("renew " + former.displayName(), registered));
        inGroup("join", ended());
        inGroup("leave", ended());
        CompletableFuture<String> last = inGroup("join again", ended());
        assertThat(begun).containsExactly("renew one");

        registered.complete("registered");
        assertThat(begun).containsExactly("renew one", "join", "leave", "join again");
        assertThat(last).isCompletedWithValue("ended");
    }

    @Test
    void groups_do_not_wait_for_each_other_and_the_end_waits_for_all() {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        inGroup("first", first);
        inGroup("second", second);
        CompletableFuture<String> over = connection.release(() -> begin("end", ended()));
        assertThat(begun).containsExactly("first", "second");

        second.completeExceptionally(new IllegalStateException("no answer"));
        assertThat(begun).hasSize(2);
        first.complete("joined");
        assertThat(begun).containsExactly("first", "second", "end");
        assertThat(over).isCompletedWithValue("ended");
    }

    @Test
    void of_one_that_is_going_nothing_can_be_asked() {
        CompletableFuture<String> joined = new CompletableFuture<>();
        inGroup("join", joined);
        assertThat(connection.release(() -> begin("end", ended()))).isNotDone();

        assertThat(connection.gone()).isTrue();
        assertThat(connection.<String>inGroup(() -> begin("late join", ended())))
                .isNull();
        assertThat(connection.<String>renew(record("two"), former -> begin("late renewal", ended())))
                .isNull();
        assertThat(connection.<String>release(() -> begin("second end", ended())))
                .isNull();
        assertThat(connection.record().displayName()).isEqualTo("one");
        joined.complete("joined");
        assertThat(begun).containsExactly("join", "end");
    }

    @Test
    void one_that_takes_the_place_of_another_waits_for_its_end() {
        CompletableFuture<String> removed = new CompletableFuture<>();
        connection.release(() -> begin("end", removed));
        Connection next = Connection.after(connection, record("two"));
        CompletableFuture<String> joined = next.inGroup(() -> begin("join", ended()));
        assertThat(begun).containsExactly("end");

        removed.completeExceptionally(new IllegalStateException("no answer"));
        assertThat(begun).containsExactly("end", "join");
        assertThat(joined).isCompletedWithValue("ended");
    }

    @Test
    void a_call_that_throws_fails_alone() {
        CompletableFuture<String> thrown = connection.inGroup(() -> {
            throw new IllegalStateException("no member");
        });
        assertThat(thrown).isCompletedExceptionally();
        assertThat(inGroup("next", ended())).isCompletedWithValue("ended");
    }

    @Test
    void however_many_wait_the_stack_is_no_deeper() {
        CompletableFuture<String> registered = new CompletableFuture<>();
        connection.renew(record("two"), former -> registered);
        AtomicInteger over = new AtomicInteger();
        int calls = 200_000;
        for (int i = 0; i < calls; i++) {
            CompletableFuture<Integer> unused = connection
                    .inGroup(() -> CompletableFuture.completedFuture("joined"))
                    .thenApply(joined -> over.incrementAndGet());
        }

        registered.complete("registered");
        assertThat(over).hasValue(calls);
    }

    @Test
    void what_was_admitted_is_over_before_the_end_begins() throws InterruptedException {
        for (int round = 0; round < 500; round++) {
            Connection raced = new Connection(record("one"));
            AtomicInteger begunJoins = new AtomicInteger();
            AtomicInteger atTheEnd = new AtomicInteger(-1);
            CountDownLatch together = new CountDownLatch(2);
            List<CompletableFuture<Integer>> joins = new ArrayList<>();
            Thread joiner = new Thread(() -> {
                meet(together);
                joins.add(raced.inGroup(() -> CompletableFuture.completedFuture(begunJoins.incrementAndGet())));
            });
            joiner.start();
            meet(together);
            CompletableFuture<Void> over = raced.release(() -> {
                atTheEnd.set(begunJoins.get());
                return CompletableFuture.completedFuture(null);
            });
            joiner.join();

            assertThat(over).isDone();
            assertThat(atTheEnd).hasValue(joins.get(0) == null ? 0 : 1);
            assertThat(begunJoins).hasValue(atTheEnd.get());
        }
    }

    private static void meet(CountDownLatch together) {
        together.countDown();
        while (together.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
