package dev.muster.registry.hazelcast;

import dev.muster.registry.GroupCount;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Questions about groups, and what goes to many nodes at once. */
final class Groups {

    /** A page of the listing ends after the partitions that bring it to this many groups. */
    private static final int PAGE = 200;

    /** Partitions asked for at once. */
    private static final int PARTITIONS = 32;

    private final Core core;

    /** For the two questions that Hazelcast answers only to those who wait. */
    private final ExecutorService waiting = Workers.few("muster-hazelcast-ask", 4, 256);

    Groups(Core core) {
        this.core = core;
    }

    CompletionStage<@Nullable Object> ask(String group, GroupQuery query) {
        return core.member().groups().submitToKey(group, query);
    }

    /** Runs {@code question} where it may block. */
    <T> CompletionStage<T> blocking(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, waiting);
        } catch (RejectedExecutionException full) {
            throw new RegistryException(
                    Reason.UNAVAILABLE, "too many such questions are waiting, try again later", full);
        }
    }

    CompletionStage<Slice> read(String group, Position after, int limit) {
        return ask(group, GroupQuery.read(after, limit)).thenApply(answer -> {
            if (!(answer instanceof SliceAnswer slice)) {
                return Slice.broken(Serials.NOWHERE, Completeness.EPOCH_CHANGED);
            }
            if (slice.provesLoss()) {
                // Nobody waits for it: the answer at hand says the same.
                CompletableFuture<OpAnswer> unused = core.pipes().submit(group, new GroupOp.MarkLossy(after));
            }
            return slice.toSlice();
        });
    }

    CompletionStage<Map<String, Position>> heads(Set<String> names) {
        if (names.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        return core.member()
                .groups()
                .submitToKeys(names, GroupQuery.of(GroupQuery.Kind.HEAD))
                .thenApply(answers -> {
                    Map<String, Position> heads = new HashMap<>();
                    answers.forEach((name, head) -> {
                        if (head instanceof String position) {
                            heads.put(name, Position.parse(position));
                        }
                    });
                    return heads;
                });
    }

    CompletionStage<SnapshotPage> snapshot(String group, SnapshotAnswer.@Nullable Cursor from) {
        return ask(group, GroupQuery.snapshot(from)).thenCompose(answer -> {
            if (answer instanceof SnapshotAnswer snapshot && !snapshot.replaced()) {
                return CompletableFuture.completedStage(snapshot.toPage());
            }
            if (answer == null && from == null) {
                return core.pipes()
                        .submit(group, new GroupOp.Touch())
                        .thenApply(made -> new SnapshotPage(made.position(), List.of(), null));
            }
            throw new RegistryException(Reason.REJECTED, "the group's log was replaced meanwhile, start again");
        });
    }

    static Published published(OpAnswer answer) {
        return switch (answer.status()) {
            case OTHER_BYTES ->
                throw new RegistryException(Reason.CONFLICT, "the message id was used before with other bytes");
            case OTHER_REVISION ->
                throw new RegistryException(Reason.CONFLICT, "the entry is not at the expected revision");
            case UNCHANGED -> new Published(answer.position(), true);
            default -> new Published(answer.position(), false);
        };
    }

    CompletionStage<OpAnswer> fast(String group, Buffer body) {
        byte[] parcel = Parcel.fast(group, core.member().side().now(), body);
        return core.pipes().submit(group, new GroupOp.Fast(parcel));
    }

    CompletionStage<Void> broadcast(Buffer body) {
        Links links = core.member().side().links();
        byte[] parcel = Parcel.broadcast(core.member().side().now(), body);
        core.nodes().refs().forEach(node -> links.offer(node, parcel));
        return CompletableFuture.completedFuture(null);
    }

    // ---- listing ----

    /** The partition at which a page begins. */
    static int partition(@Nullable String cursor) {
        try {
            return cursor == null ? 0 : Math.max(0, Integer.parseInt(cursor));
        } catch (NumberFormatException notOurs) {
            throw new IllegalArgumentException("cursor was not handed out by a listing of groups", notOurs);
        }
    }

    /** The groups of the partitions from {@code from} on. Blocks. */
    Page<GroupCount> page(int from) {
        EmbeddedMember member = core.member();
        List<GroupCount> found = new ArrayList<>();
        int next = from;
        while (next < member.partitions() && found.size() < PAGE) {
            Set<Integer> keys = new HashSet<>();
            int end = Math.min(member.partitions(), next + PARTITIONS);
            for (; next < end; next++) {
                keys.add(member.keyOf(next));
            }
            member.onPartitionsOf(keys, member.groups(), GroupQuery.of(GroupQuery.Kind.COUNT_IF_ANY))
                    .forEach((group, count) -> found.add(new GroupCount(group, ((Integer) count).longValue())));
        }
        return new Page<>(found, next < member.partitions() ? Integer.toString(next) : null);
    }
}
