package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.hazelcast.OpAnswer.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The order of a group's changes, however they are put together (R14). */
class GroupPipesTest {

    /** Stands for the owner of all groups: gives out offsets when told to. */
    private static final class Owner implements GroupPipes.Sender {
        final List<List<GroupOp>> batches = new ArrayList<>();
        final List<CompletableFuture<BatchAnswer>> underWay = new ArrayList<>();
        long offset;

        @Override
        public CompletionStage<BatchAnswer> send(String group, List<GroupOp> ops) {
            assertThat(underWay).as("batches of one group under way").isEmpty();
            batches.add(ops);
            CompletableFuture<BatchAnswer> answer = new CompletableFuture<>();
            underWay.add(answer);
            return answer;
        }

        boolean answer() {
            if (underWay.isEmpty()) {
                return false;
            }
            List<OpAnswer> answers = new ArrayList<>();
            for (int i = batches.get(batches.size() - 1).size(); i > 0; i--) {
                answers.add(new OpAnswer(Status.DONE, new Position("e", ++offset)));
            }
            underWay.remove(0).complete(new BatchAnswer(answers));
            return true;
        }

        int ops() {
            return batches.stream().mapToInt(List::size).sum();
        }
    }

    private final Owner owner = new Owner();
    private final GroupPipes pipes = new GroupPipes(owner);

    private static Publish publish(int bytes) {
        return new Publish(new byte[bytes], bytes, GroupPolicy.DEFAULT, null, 0, null, false, null);
    }

    private static long offset(CompletableFuture<OpAnswer> answer) {
        return answer.join().position().offset();
    }

    @Property(tries = 200)
    void positions_come_in_the_order_of_the_calls(
            @ForAll @Size(max = 300) List<@IntRange(max = 200_000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 50) int pace) {
        Owner fresh = new Owner();
        GroupPipes all = new GroupPipes(fresh);
        List<CompletableFuture<OpAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            answers.add(all.submit("room", publish(sizes.get(i))));
            if (i % pace == 0) {
                fresh.answer();
            }
        }
        boolean more;
        do {
            more = fresh.answer();
        } while (more);

        assertThat(answers.stream().map(GroupPipesTest::offset).toList())
                .isEqualTo(java.util.stream.LongStream.rangeClosed(1, sizes.size())
                        .boxed()
                        .toList());
    }

    @Test
    void what_is_withdrawn_before_it_was_sent_leaves_the_order() {
        CompletableFuture<OpAnswer> first = pipes.submit("room", publish(1));
        CompletableFuture<OpAnswer> withdrawn = pipes.submit("room", publish(2));
        CompletableFuture<OpAnswer> last = pipes.submit("room", publish(3));
        withdrawn.cancel(false);
        owner.answer();
        owner.answer();

        assertThat(offset(first)).isEqualTo(1);
        assertThat(offset(last)).isEqualTo(2);
        assertThat(owner.ops()).isEqualTo(2);
    }

    @Test
    void a_batch_that_fails_takes_only_its_own_along() {
        CompletableFuture<OpAnswer> first = pipes.submit("room", publish(1));
        CompletableFuture<OpAnswer> second = pipes.submit("room", publish(2));
        owner.underWay.remove(0).completeExceptionally(new IllegalStateException("no partition"));
        owner.answer();

        assertThat(first).isCompletedExceptionally();
        assertThatThrownBy(first::join).hasCauseInstanceOf(RegistryException.class);
        assertThat(offset(second)).isEqualTo(1);
    }

    @Test
    void a_refused_batch_fails_as_unavailable() {
        CompletableFuture<OpAnswer> refused = pipes.submit("room", publish(1));
        owner.underWay.remove(0).complete(new BatchAnswer());

        assertThatThrownBy(refused::join)
                .cause()
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE));
    }

    @Test
    void what_waits_is_bounded() {
        List<CompletableFuture<OpAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(pipes.submit("room", publish(1 << 20)));
        }

        assertThat(answers.get(99)).isCompletedExceptionally();
        assertThat(answers.get(50)).isNotDone();
    }

    @Test
    void no_batch_is_longer_than_what_a_log_keeps_for_repairs() {
        for (int i = 0; i < 500; i++) {
            pipes.submit("room", publish(1));
        }
        boolean more;
        do {
            more = owner.answer();
        } while (more);

        assertThat(owner.ops()).isEqualTo(500);
        assertThat(owner.batches).allMatch(batch -> batch.size() <= GroupPolicy.REPAIR_MESSAGES);
    }
}
