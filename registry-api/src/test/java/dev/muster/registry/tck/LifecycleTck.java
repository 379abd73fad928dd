package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Start, close, and what holds for every operation: R01, R02, R03, R25. */
abstract class LifecycleTck extends TckTest {

    // ---- R01 ----

    @Test
    void r01_operations_are_safe_from_any_thread() throws Exception {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).watch("room");
        int threads = 6;
        int rounds = 12;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Callable<Void>> work = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            TckNode node = nodes.get(t % 3);
            work.add(() -> {
                for (int i = 0; i < rounds; i++) {
                    String id = "c" + thread + "-" + i;
                    node.register(id);
                    node.join(id, "room");
                    node.say("room", id);
                    node.memberCount("room");
                    if (i % 3 == 0) {
                        node.leave(id, "room");
                    } else if (i % 3 == 1) {
                        node.unregister(id);
                    }
                }
                return null;
            });
        }
        for (var finished : pool.invokeAll(work, 60, TimeUnit.SECONDS)) {
            finished.get();
        }
        pool.shutdown();

        int each = threads * rounds / 3;
        assertThat(nodes.get(1).memberCount("room")).isEqualTo(each);
        assertThat(nodes.get(1).members("room")).hasSize(each).doesNotHaveDuplicates();
        assertThat(nodes.get(2).connectionCount()).isEqualTo(2L * each);
        settle("room", List.of(nodes.get(0)));
        assertThat(nodes.get(0).feed("room").ids(Kind.JOINED)).hasSize(3 * each).doesNotHaveDuplicates();
        assertThat(nodes.get(0).feed("room").ids(Kind.LEFT)).hasSize(2 * each).doesNotHaveDuplicates();
        assertThat(said(nodes.get(0), "room")).hasSize(3 * each).doesNotHaveDuplicates();
    }

    @Test
    void r01_futures_complete_on_the_context_of_the_caller() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        Context context = node.vertx().getOrCreateContext();
        List<String> elsewhere = new ArrayList<>();
        // In order: what one call needs, the one before has done.
        Future<Void> all = Future.succeededFuture();
        for (Map.Entry<String, Supplier<Future<?>>> call :
                EveryOperation.of(node, "c1", "room").entrySet()) {
            Promise<Void> completed = Promise.promise();
            all = all.compose(before -> {
                context.runOnContext(go -> call.getValue().get().onComplete(done -> {
                    if (Vertx.currentContext() != context) {
                        elsewhere.add(call.getKey());
                    }
                    completed.complete();
                }));
                return completed.future();
            });
        }
        done(all);

        assertThat(elsewhere).isEmpty();
    }

    @Test
    void r01_r02_no_operation_blocks_or_stays_pending_while_the_backend_hangs() {
        requires(Capability.PAUSE_BACKEND);
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.join("c1", "room");
        fixture().backend().pause();
        try {
            Map<String, Supplier<Future<?>>> calls = EveryOperation.of(node, "c1", "room");
            List<Future<?>> pending = new ArrayList<>();
            long before = System.nanoTime();
            calls.forEach((name, call) -> pending.add(call.get()));
            long calling = System.nanoTime() - before;

            assertThat(Duration.ofNanos(calling)).as("time spent calling").isLessThan(Duration.ofMillis(500));
            Duration limit = fixture().timings().operationTimeout().plusMillis(500);
            await("all futures are complete", limit, () -> pending.stream().allMatch(Future::isComplete));
            assertThat(failuresOutsideTheContract(pending)).isEmpty();
        } finally {
            fixture().backend().resume();
        }
    }

    // ---- R02 ----

    @Test
    void r02_every_future_completes_in_time_when_the_backend_is_gone() {
        requires(Capability.STOP_BACKEND);
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.join("c1", "room");
        fixture().backend().stop();
        List<Future<?>> pending = new ArrayList<>();
        EveryOperation.of(node, "c1", "room").forEach((name, call) -> pending.add(call.get()));

        Duration limit = fixture().timings().operationTimeout().plusMillis(500);
        await("all futures are complete", limit, () -> pending.stream().allMatch(Future::isComplete));
        assertThat(failuresOutsideTheContract(pending)).isEmpty();
        assertThat(failure(pending.get(10))).as("publish").isIn(Reason.UNAVAILABLE, Reason.TIMEOUT);
        fixture().backend().start(Backend.Restart.KEEP);
    }

    private static List<Throwable> failuresOutsideTheContract(List<Future<?>> futures) {
        return futures.stream()
                .filter(Future::failed)
                .map(Future::cause)
                .filter(cause -> !(cause instanceof RegistryException))
                .toList();
    }

    // ---- R03 ----

    @Test
    void r03_before_start_every_operation_fails_with_closed() {
        TckNode node = cluster().create("n1");
        assertAllClosed(node);
    }

    @Test
    void r03_after_close_every_operation_fails_with_closed() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.stop();
        assertAllClosed(node);
        assertThat(failure(node.registry().start(new Recorder(event -> {})))).isEqualTo(Reason.CLOSED);
    }

    private void assertAllClosed(TckNode node) {
        Map<String, Supplier<Future<?>>> calls = EveryOperation.of(node, "c1", "room");
        calls.forEach((name, call) -> assertThat(failure(call.get())).as(name).isEqualTo(Reason.CLOSED));
    }

    @Test
    void r03_a_second_start_fails_and_harms_nothing() {
        TckNode node = cluster().start("n1");
        Throwable refused = catchThrowable(() -> done(node.registry().start(new Recorder(event -> {}))));

        assertThat(refused).as("failure of the second start").isNotNull();
        node.watch("room");
        settle("room", List.of(node));
    }

    @Test
    void r03_close_is_idempotent_and_may_be_called_at_once_from_many_sides() {
        TckNode node = cluster().start("n1");
        List<Future<Void>> closes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            closes.add(node.registry().close());
        }
        done(closes);
        node.stop();

        TckNode neverStarted = cluster().create("n2");
        neverStarted.stop();
        neverStarted.stop();
    }

    @Test
    void r03_close_completes_when_the_backend_is_gone() {
        requires(Capability.STOP_BACKEND);
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.join("c1", "room");
        fixture().backend().stop();
        Future<Void> closed = node.registry().close();

        await("close", fixture().timings().operationTimeout().plusSeconds(1), closed::isComplete);
        fixture().backend().start(Backend.Restart.KEEP);
    }

    @Test
    void r03_close_completes_when_the_backend_hangs() {
        requires(Capability.PAUSE_BACKEND);
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.join("c1", "room");
        fixture().backend().pause();
        try {
            Future<Void> closed = node.registry().close();
            await("close", fixture().timings().operationTimeout().plusSeconds(1), closed::isComplete);
        } finally {
            fixture().backend().resume();
        }
    }

    @Test
    void r03_a_node_name_in_use_by_a_live_node_is_refused() {
        TckNode first = cluster().start("n1");
        TckNode second = cluster().create("n1");

        assertThat(failure(second.starting())).isEqualTo(Reason.REJECTED);
        first.watch("room");
        settle("room", List.of(first));
        assertThat(first.registry().nodes()).containsExactly(first.self());
    }

    @Test
    void r03_a_node_that_was_closed_may_come_back_under_its_name() {
        List<TckNode> nodes = cluster().start(2);
        NodeId before = nodes.get(0).self();
        nodes.get(0).stop();
        TckNode again = cluster().start("n1");

        assertThat(again.self().name()).isEqualTo("n1");
        assertThat(again.self()).isNotEqualTo(before);
        await("n2 sees the new n1", () -> nodes.get(1).registry().nodes().contains(again.self()));
        assertThat(nodes.get(1).registry().nodes())
                .containsExactlyInAnyOrder(again.self(), nodes.get(1).self());
    }

    @Test
    void r03_nodes_see_one_another_come_and_go() {
        List<TckNode> nodes = cluster().start(3);
        NodeId third = nodes.get(2).self();
        assertThat(nodes.get(0).registry().nodes())
                .containsExactlyInAnyOrder(nodes.get(0).self(), nodes.get(1).self(), third);
        nodes.get(2).stop();

        for (TckNode node : nodes.subList(0, 2)) {
            await(
                    node + " hears that the third left",
                    () -> !node.events().all(Event.NodeDown.class).isEmpty());
            await(node + " sees two nodes", () -> node.registry().nodes().size() == 2);
            assertThat(node.events().all(Event.NodeDown.class)).containsExactly(new Event.NodeDown(third));
            assertThat(node.events().all(Event.NodeUp.class))
                    .doesNotHaveDuplicates()
                    .contains(new Event.NodeUp(third))
                    .doesNotContain(new Event.NodeUp(node.self()));
        }
    }

    // ---- R25 ----

    @Test
    void r25_close_leaves_all_groups_before_it_completes() {
        List<TckNode> nodes = cluster().start(3);
        TckNode leaving = nodes.get(0);
        List<TckNode> others = nodes.subList(1, 3);
        others.forEach(node -> node.watch("room"));
        leaving.register("a", "b", "c");
        others.get(0).register("stays");
        others.get(0).join("stays", "room");
        for (String id : List.of("a", "b", "c")) {
            leaving.join(id, "room");
            leaving.join(id, "second");
        }
        leaving.stop();

        for (TckNode node : others) {
            assertThat(node.members("room")).containsExactly("stays");
            assertThat(node.memberCount("second")).isZero();
            assertThat(node.connectionCount()).isEqualTo(1);
            assertThat(node.done(node.registry().locate("a"))).isEmpty();
            assertThat(node.groupsOf("a")).isEmpty();
        }
        settle("room", others);
        for (TckNode node : others) {
            assertThat(node.feed("room").ids(Kind.LEFT)).containsExactlyInAnyOrder("a", "b", "c");
        }
        assertSameFeed("room", others);
    }

    @Test
    void r25_close_without_presence_removes_in_silence() {
        List<TckNode> nodes = cluster().start(2);
        GroupPolicy silent = TckNode.ROOMY.withPresence(Presence.OFF);
        nodes.get(1).watch("room");
        nodes.get(0).register("a", "b");
        nodes.get(0).join("a", "room", silent);
        nodes.get(0).join("b", "room", silent);
        nodes.get(0).stop();

        assertThat(nodes.get(1).memberCount("room")).isZero();
        settle("room", nodes.subList(1, 2));
        assertThat(nodes.get(1).feed("room").of(Kind.LEFT)).isEmpty();
    }

    @Test
    void r25_what_close_cannot_finish_in_time_the_others_finish() {
        List<TckNode> nodes = cluster().start(3);
        TckNode leaving = nodes.get(0);
        List<TckNode> others = nodes.subList(1, 3);
        int groups = 10;
        int each = 60;
        List<Future<?>> calls = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            nodes.get(1).watch("room " + g);
        }
        for (int i = 0; i < each; i++) {
            calls.add(leaving.registry().register(leaving.record("c" + i)));
            for (int g = 0; g < groups; g++) {
                calls.add(leaving.registry().join("c" + i, "room " + g, TckNode.ROOMY));
            }
        }
        calls.forEach(call -> done(call));
        leaving.stop();

        await(
                "everything is gone",
                () -> others.get(1).connectionCount() == 0
                        && others.get(1).groups().isEmpty());
        for (int g = 0; g < groups; g++) {
            String group = "room " + g;
            assertThat(others.get(1).memberCount(group)).isZero();
            settle(group, others.subList(0, 1));
            assertThat(others.get(0).feed(group).ids(Kind.LEFT)).hasSize(each).doesNotHaveDuplicates();
        }
    }
}
