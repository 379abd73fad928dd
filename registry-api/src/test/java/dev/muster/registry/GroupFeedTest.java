package dev.muster.registry;

import static dev.muster.registry.ScriptedRegistry.GROUP;
import static dev.muster.registry.ScriptedRegistry.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Slice.Completeness;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupFeedTest {

    private final ScriptedRegistry registry = new ScriptedRegistry();
    private final List<String> heard = new ArrayList<>();
    private GroupFeed feed;

    @BeforeEach
    void makeFeed() {
        feed = new GroupFeed(registry.proxy(), new GroupFeed.Listener() {
            @Override
            public void onPublication(String group, Publication publication) {
                heard.add(publication.payload().toString());
                if (publication.payload().toString().endsWith("/666")) {
                    throw new IllegalStateException("a listener that fails");
                }
            }

            @Override
            public void onReset(String group, Position at, Completeness why) {
                heard.add("reset " + at + " " + why);
            }

            @Override
            public void onMembersReset(String group) {
                heard.add("members reset");
            }
        });
    }

    @Test
    void passes_on_what_comes_in_order_at_once() {
        watch();
        bring(registry.append("e1", 1), registry.append("e1", 2));
        assertThat(heard).containsExactly("e1/1", "e1/2");
        assertThat(registry.calls).containsExactly("watch");
    }

    @Test
    void passes_on_nothing_twice() {
        watch();
        Publication first = registry.append("e1", 1);
        Publication second = registry.append("e1", 2);
        bring(first, first, second, first, second);
        assertThat(heard).containsExactly("e1/1", "e1/2");
    }

    @Test
    void passes_on_nothing_at_or_before_the_watched_position() {
        registry.watchedFrom = new Position("e1", 5);
        watch();
        bring(message("e1", 4), message("e1", 5), message("e1", 6));
        assertThat(heard).containsExactly("e1/6");
    }

    @Test
    void holds_what_comes_before_the_watch_is_confirmed() {
        feed.watch(GROUP);
        bring(message("e1", 3), message("e1", 2), message("e1", 1));
        assertThat(heard).isEmpty();
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1", "e1/2", "e1/3");
    }

    @Test
    void reads_a_gap_from_the_log_and_keeps_the_order() {
        watch();
        bring(registry.append("e1", 1));
        registry.append("e1", 2);
        Publication third = registry.append("e1", 3);
        bring(third);
        assertThat(heard).containsExactly("e1/1");
        // What comes while the read is under way waits for it, whether the read brings it too or not.
        bring(registry.append("e1", 4), message("e1", 5));
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1", "e1/2", "e1/3", "e1/4", "e1/5");
        assertThat(registry.calls).containsExactly("watch", "read e1:1");
    }

    @Test
    void says_reset_when_the_log_cannot_close_the_gap() {
        watch();
        registry.append("e1", 9);
        registry.messages = Completeness.TRIMMED;
        bring(message("e1", 9));
        registry.answerAll();
        bring(message("e1", 10));
        assertThat(heard).containsExactly("reset e1:9 TRIMMED", "e1/10");
    }

    @Test
    void says_members_reset_when_only_memberships_are_missing() {
        watch();
        registry.append("e1", 4);
        registry.memberships = Completeness.TRIMMED;
        bring(message("e1", 4));
        registry.answerAll();
        assertThat(heard).containsExactly("e1/4", "members reset");
    }

    @Test
    void crosses_into_an_epoch_that_the_log_says_continues() {
        watch();
        bring(registry.append("e1", 1), registry.append("e2", 2));
        assertThat(heard).containsExactly("e1/1");
        registry.answerAll();
        bring(registry.append("e2", 3));
        assertThat(heard).containsExactly("e1/1", "e2/2", "e2/3");
    }

    @Test
    void says_reset_when_the_log_says_the_epoch_does_not_continue() {
        watch();
        bring(registry.append("e1", 1));
        registry.log.clear();
        registry.append("e9", 1);
        registry.messages = Completeness.EPOCH_CHANGED;
        bring(message("e9", 1));
        registry.answerAll();
        bring(message("e9", 2));
        assertThat(heard).containsExactly("e1/1", "reset e9:1 EPOCH_CHANGED", "e9/2");
    }

    @Test
    void notices_within_two_looks_that_the_newest_publication_was_lost() {
        watch();
        registry.append("e1", 1);
        feed.tick(0);
        registry.answerAll();
        assertThat(heard).as("it may be on its way").isEmpty();
        feed.tick(1_000_000_000L);
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1");
    }

    @Test
    void gives_a_publication_time_to_arrive_however_often_it_looks() {
        watch();
        registry.append("e1", 1);
        for (long millis = 0; millis < 500; millis += 100) {
            feed.tick(millis * 1_000_000);
            registry.answerAll();
        }
        assertThat(registry.calls).noneMatch(call -> call.startsWith("read"));
        feed.tick(500_000_000L);
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1");
    }

    @Test
    void does_not_read_for_a_publication_that_comes_between_two_looks() {
        watch();
        Publication first = registry.append("e1", 1);
        feed.tick(0);
        registry.answerAll();
        bring(first);
        feed.tick(1_000_000_000L);
        registry.answerAll();
        assertThat(registry.calls).noneMatch(call -> call.startsWith("read"));
        assertThat(heard).containsExactly("e1/1");
    }

    @Test
    void does_not_read_while_it_moves_although_it_is_far_behind() {
        watch();
        for (int offset = 1; offset <= 50; offset++) {
            registry.append("e1", offset);
        }
        for (int round = 0; round < 25; round++) {
            feed.tick(round * 1_000_000_000L);
            registry.answerAll();
            bring(registry.log.get(2 * round), registry.log.get(2 * round + 1));
        }
        assertThat(registry.calls).noneMatch(call -> call.startsWith("read"));
        assertThat(heard).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void reads_at_once_after_the_link_was_replaced() {
        watch();
        registry.append("e1", 1);
        registry.append("e1", 2);
        feed.checkAll();
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1", "e1/2");
    }

    @Test
    void tries_again_when_the_read_failed() {
        watch();
        registry.append("e1", 1);
        bring(registry.append("e1", 2));
        registry.refuse = true;
        registry.answerAll();
        assertThat(heard).isEmpty();
        registry.refuse = false;
        feed.tick(0);
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1", "e1/2");
    }

    @Test
    void checks_again_when_heads_failed_after_a_replaced_link() {
        watch();
        registry.append("e1", 1);
        registry.refuse = true;
        feed.checkAll();
        registry.answerAll();
        registry.refuse = false;
        feed.tick(0);
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1");
    }

    @Test
    void holds_a_bounded_number_and_reads_the_rest() {
        watch();
        int many = OrderedGroup.MAX_HELD * 3;
        registry.append("e1", 1);
        for (int offset = 2; offset <= many; offset++) {
            bring(registry.append("e1", offset));
        }
        registry.answerAll();
        assertThat(heard).hasSize(many).startsWith("e1/1", "e1/2").endsWith("e1/" + many);
    }

    @Test
    void reads_page_after_page() {
        watch();
        for (int offset = 1; offset <= 1_201; offset++) {
            registry.append("e1", offset);
        }
        bring(registry.log.get(1_200));
        registry.answerAll();
        assertThat(heard).hasSize(1_201).doesNotHaveDuplicates();
        assertThat(registry.calls).containsExactly("watch", "read e1:0", "read e1:500", "read e1:1000");
    }

    @Test
    void drops_a_publication_that_the_log_does_not_know() {
        watch();
        bring(registry.append("e1", 1));
        bring(message("e1", 1_000_000));
        registry.answerAll();
        bring(registry.append("e1", 2));
        registry.answerAll();
        assertThat(heard).containsExactly("e1/1", "e1/2");
    }

    @Test
    void passes_on_fast_ones_beside_the_order_and_only_while_watched() {
        Publication fast = Publication.of(Draft.text(null, "fast").asFast(), null, 0);
        feed.watch(GROUP);
        bring(fast);
        registry.answerAll();
        assertThat(heard).isEmpty();
        registry.append("e1", 1);
        bring(registry.append("e1", 2));
        bring(fast);
        assertThat(heard).containsExactly("fast");
    }

    @Test
    void goes_on_after_a_listener_that_throws() {
        registry.watchedFrom = new Position("e1", 665);
        watch();
        bring(message("e1", 666), message("e1", 667));
        assertThat(heard).containsExactly("e1/666", "e1/667");
    }

    @Test
    void is_silent_after_unwatch_and_a_new_watch_waits_for_its_end() {
        watch();
        feed.unwatch(GROUP);
        Future<Position> again = feed.watch(GROUP);
        bring(message("e1", 1));
        assertThat(registry.calls).containsExactly("watch", "unwatch");
        registry.watchedFrom = new Position("e1", 7);
        registry.answer();
        assertThat(registry.calls).containsExactly("watch", "unwatch", "watch");
        registry.answer();
        assertThat(again.result()).isEqualTo(new Position("e1", 7));
        bring(message("e1", 8));
        assertThat(heard).containsExactly("e1/8");
        assertThat(feed.watched()).isOne();
    }

    @Test
    void a_watch_that_failed_leaves_nothing_and_can_be_tried_again() {
        registry.refuse = true;
        Future<Position> watch = feed.watch(GROUP);
        registry.answerAll();
        assertThat(watch.failed()).isTrue();
        assertThat(feed.watched()).isZero();
        registry.refuse = false;
        watch();
        bring(message("e1", 1));
        assertThat(heard).containsExactly("e1/1");
    }

    @Test
    void watching_what_is_watched_answers_where_the_feed_is() {
        watch();
        bring(message("e1", 1), message("e1", 2));
        assertThat(feed.watch(GROUP).result()).isEqualTo(new Position("e1", 2));
        assertThat(registry.calls).containsExactly("watch");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void yields_each_exactly_once_in_order_whatever_the_transport_does(long seed) {
        Random random = new Random(seed);
        watch();
        List<Publication> link = new ArrayList<>();
        for (int offset = 1; offset <= 500; offset++) {
            Publication publication = registry.append("e1", offset);
            if (random.nextInt(5) > 0) {
                link.add(random.nextInt(link.size() + 1) / 8 * 8, publication);
            }
            if (random.nextInt(4) == 0) {
                link.add(publication);
            }
            while (!link.isEmpty() && random.nextBoolean()) {
                bring(link.remove(random.nextInt(link.size())));
            }
            if (!registry.pending.isEmpty() && random.nextBoolean()) {
                registry.answer();
            }
        }
        link.forEach(this::bring);
        registry.answerAll();
        feed.checkAll();
        registry.answerAll();
        List<String> wanted = new ArrayList<>();
        registry.log.forEach(publication -> wanted.add(publication.payload().toString()));
        assertThat(heard).as("seed %d", seed).containsExactlyElementsOf(wanted);
    }

    private void watch() {
        feed.watch(GROUP);
        registry.answerAll();
    }

    private void bring(Publication... publications) {
        for (Publication publication : publications) {
            feed.onPublication(GROUP, publication);
        }
    }
}
