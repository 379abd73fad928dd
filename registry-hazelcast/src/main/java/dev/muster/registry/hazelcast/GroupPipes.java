package dev.muster.registry.hazelcast;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ways from this node to the groups: one for each group, with one batch under way at a time. So what is asked for
 * in order takes effect in order (R14), and what comes meanwhile goes into the next batch together. Safe from any
 * thread; never blocks.
 */
final class GroupPipes {

    /** No more than a log keeps for repairs: if the word of a batch is lost with its owner, it can still be read. */
    private static final int BATCH_OPS = GroupPolicy.REPAIR_MESSAGES;

    private static final int BATCH_BYTES = 1 << 20;

    /** Changes of one group that may wait. */
    private static final int MAX_WAITING = 20_000;

    /** Bytes of one group's changes that may wait. */
    private static final long MAX_WAITING_BYTES = 64L << 20;

    /** Sends a batch. */
    interface Sender {
        CompletionStage<BatchAnswer> send(String group, List<GroupOp> ops);
    }

    private record Pending(GroupOp op, CompletableFuture<OpAnswer> answer) {}

    private static final class Pipe {
        final ArrayDeque<Pending> waiting = new ArrayDeque<>(4);
        long waitingBytes;
        boolean underWay;
    }

    private final ConcurrentHashMap<String, Pipe> pipes = new ConcurrentHashMap<>();
    private final Sender sender;

    GroupPipes(Sender sender) {
        this.sender = sender;
    }

    /** Asks for a change. A future that is completed by somebody else before the change is sent withdraws it. */
    CompletableFuture<OpAnswer> submit(String group, GroupOp op) {
        CompletableFuture<OpAnswer> answer = enqueue(group, op);
        pump(group);
        return answer;
    }

    /** Takes a place in the order. To be followed by {@link #pump}, outside of any lock. */
    CompletableFuture<OpAnswer> enqueue(String group, GroupOp op) {
        CompletableFuture<OpAnswer> answer = new CompletableFuture<>();
        pipes.compute(group, (name, present) -> {
            Pipe pipe = present == null ? new Pipe() : present;
            if (pipe.waiting.size() >= MAX_WAITING || pipe.waitingBytes > MAX_WAITING_BYTES) {
                answer.completeExceptionally(new RegistryException(
                        Reason.UNAVAILABLE, "too many changes of this group are waiting, try again later"));
            } else {
                pipe.waiting.add(new Pending(op, answer));
                pipe.waitingBytes += op.weight();
            }
            return pipe;
        });
        return answer;
    }

    /** Sends what waits, unless a batch is under way. */
    void pump(String group) {
        List<Pending> batch = take(group);
        if (batch.isEmpty()) {
            return;
        }
        List<GroupOp> ops = new ArrayList<>(batch.size());
        batch.forEach(each -> ops.add(each.op));
        CompletableFuture<BatchAnswer> unused = Futures.answerTo(() -> sender.send(group, ops))
                .whenComplete((answer, failure) -> {
                    pipes.computeIfPresent(group, (name, pipe) -> {
                        pipe.underWay = false;
                        return pipe;
                    });
                    // The next batch goes before this one's callers are told: they may take their time.
                    pump(group);
                    answer(batch, answer, failure);
                });
    }

    private List<Pending> take(String group) {
        List<Pending> batch = new ArrayList<>();
        pipes.computeIfPresent(group, (name, pipe) -> {
            if (pipe.underWay) {
                return pipe;
            }
            long bytes = 0;
            while (!pipe.waiting.isEmpty() && batch.size() < BATCH_OPS && bytes < BATCH_BYTES) {
                Pending next = pipe.waiting.remove();
                pipe.waitingBytes -= next.op.weight();
                if (!next.answer.isDone()) {
                    batch.add(next);
                    bytes += next.op.weight();
                }
            }
            pipe.underWay = !batch.isEmpty();
            return batch.isEmpty() ? null : pipe;
        });
        return batch;
    }

    private static void answer(List<Pending> batch, @Nullable BatchAnswer answer, @Nullable Throwable failure) {
        if (failure != null || answer == null) {
            RegistryException told = Failures.of(failure == null ? Failures.refused() : failure);
            batch.forEach(each -> each.answer.completeExceptionally(told));
        } else if (answer.refused()) {
            batch.forEach(each -> each.answer.completeExceptionally(Failures.refused()));
        } else {
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer.complete(answer.get(i));
            }
        }
    }
}
