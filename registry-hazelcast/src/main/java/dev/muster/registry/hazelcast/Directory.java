package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Member;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.codec.RecordCodec;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The records of connections, in the cluster and here. Nothing blocks. */
final class Directory {

    private final Supplier<EmbeddedMember> member;
    private final Supplier<NodeId> self;
    private final Supplier<Set<Long>> former;
    private final Holdings holdings;

    /** Connections whose record in the cluster may not be what this node holds, with the user it may be listed under. */
    private final Map<String, Optional<String>> doubtful = new ConcurrentHashMap<>();

    /** {@code former} are earlier incarnations of this node. */
    Directory(Supplier<EmbeddedMember> member, Supplier<NodeId> self, Supplier<Set<Long>> former, Holdings holdings) {
        this.member = member;
        this.self = self;
        this.former = former;
        this.holdings = holdings;
    }

    private NodeRef here() {
        return new NodeRef(member.get().id(), self.get().incarnation());
    }

    // ---- this node's connections ----

    /** On the caller's thread: a record that is too large throws at the call. */
    static void check(ConnectionRecord record, NodeId self) {
        RecordCodec.encode(record.heldBy(self));
    }

    CompletableFuture<Void> register(ConnectionRecord record) {
        CompletableFuture<Void> done;
        do {
            done = holdings.hold(record).renew(record, former -> put(record, former.user()));
        } while (done == null);
        return done;
    }

    private CompletableFuture<Void> put(ConnectionRecord record, @Nullable String formerUser) {
        String id = record.connectionId();
        String user = record.user();
        return inDoubtUnlessDone(id, user, () -> {
            List<CompletableFuture<?>> steps = list(record, formerUser);
            steps.add(record(id, RecordCall.put(entry(record))).thenAccept(accepted -> {
                if (!Boolean.TRUE.equals(accepted)) {
                    throw Failures.refused();
                }
            }));
            return steps;
        });
    }

    /** Puts a record back, unless another node has registered the connection meanwhile: then the newer one stands. */
    private CompletableFuture<Void> putBack(Connection connection, ConnectionRecord record, @Nullable String listed) {
        String id = record.connectionId();
        return inDoubtUnlessDone(
                id,
                listed,
                () -> List.of(record(id, RecordCall.putBack(entry(record), former.get()))
                        .thenCompose(accepted -> {
                            if (accepted == null) {
                                CompletableFuture<?> unused = unregisterLater(connection);
                                return CompletableFuture.completedFuture(null);
                            }
                            if (!accepted) {
                                throw Failures.refused();
                            }
                            return Futures.all(list(record, listed));
                        })));
    }

    private RecordEntry entry(ConnectionRecord record) {
        return new RecordEntry(
                here(), RecordCodec.encode(record.heldBy(self.get())).getBytes());
    }

    private CompletableFuture<@Nullable Boolean> record(String id, RecordCall call) {
        return member.get().records().submitToKey(id, call).toCompletableFuture();
    }

    /** Lists the connection under its user, and no more under the one it may be listed under. */
    private List<CompletableFuture<?>> list(ConnectionRecord record, @Nullable String listed) {
        String id = record.connectionId();
        String user = record.user();
        List<CompletableFuture<?>> steps = new ArrayList<>();
        if (listed != null && !listed.equals(user)) {
            steps.add(user(listed, UserCall.remove(id, here().incarnation())));
        }
        if (user != null) {
            steps.add(user(user, UserCall.add(id, here().incarnation())));
        }
        return steps;
    }

    private CompletableFuture<?> user(String user, UserCall call) {
        return member.get().users().submitToKey(user, call).toCompletableFuture();
    }

    private CompletableFuture<Void> inDoubtUnlessDone(
            String id, @Nullable String user, Supplier<List<CompletableFuture<?>>> steps) {
        return Futures.answerTo(() -> Futures.all(steps.get())).whenComplete((done, failure) -> {
            if (failure != null) {
                doubtful.put(id, Optional.ofNullable(user));
            }
        });
    }

    /** Leaves all groups and removes the record, if this node still holds it (R06); false if it is going already. */
    CompletableFuture<Boolean> unregister(Connection connection) {
        CompletableFuture<Boolean> done = connection.release(() -> {
            List<CompletableFuture<?>> steps = new ArrayList<>();
            for (String group : List.copyOf(connection.groups())) {
                steps.add(holdings.leave(connection, group));
            }
            steps.add(remove(connection.id(), connection.record().user()));
            return Futures.all(steps)
                    .whenComplete((left, failure) -> holdings.forget(connection))
                    .thenApply(left -> true);
        });
        return done == null ? CompletableFuture.completedFuture(false) : done;
    }

    private CompletableFuture<Void> remove(String id, @Nullable String user) {
        return inDoubtUnlessDone(id, user, () -> {
            long incarnation = self.get().incarnation();
            List<CompletableFuture<?>> steps = new ArrayList<>();
            steps.add(record(id, RecordCall.removeIfHeldBy(incarnation)));
            if (user != null) {
                steps.add(user(user, UserCall.remove(id, incarnation)));
            }
            return steps;
        });
    }

    /**
     * The connection is gone, but the cluster cannot be told now: it is told when it can.
     *
     * @return when nothing more happens to it
     */
    CompletableFuture<?> unregisterLater(Connection connection) {
        CompletableFuture<Void> unused = connection.release(() -> {
            holdings.dropQuietly(connection);
            holdings.forget(connection);
            doubtful.put(
                    connection.id(), Optional.ofNullable(connection.record().user()));
            return CompletableFuture.completedFuture(null);
        });
        return Objects.requireNonNull(connection.end(), "the end of one that was released");
    }

    /** Makes the cluster's records agree with this node's where a call ended without saying what became of it. */
    List<CompletableFuture<Void>> settle() {
        List<CompletableFuture<Void>> steps = new ArrayList<>();
        for (Map.Entry<String, Optional<String>> each : List.copyOf(doubtful.entrySet())) {
            doubtful.remove(each.getKey(), each.getValue());
            steps.add(settle(each.getKey(), each.getValue()));
        }
        return steps;
    }

    private CompletableFuture<Void> settle(String id, Optional<String> user) {
        Connection present = holdings.connection(id);
        ConnectionRecord record = present == null ? null : present.record();
        String listed = user.orElse(null);
        CompletableFuture<Void> settled =
                present == null || record == null ? remove(id, listed) : putBack(present, record, listed);
        return settled.whenComplete((done, failure) -> {
            // Not in the order of the connection's calls: if it changed meanwhile, either may have come last.
            Connection then = holdings.connection(id);
            if (then != present || then != null && !then.record().equals(record)) {
                doubtful.putIfAbsent(id, record == null ? user : Optional.ofNullable(record.user()));
            }
        });
    }

    /** Everything here has to be put again. */
    void doubtAll() {
        holdings.connections()
                .forEach(each -> doubtful.put(
                        each.id(), Optional.ofNullable(each.record().user())));
    }

    // ---- everybody's ----

    CompletionStage<Optional<ConnectionRecord>> locate(String connectionId) {
        return member.get()
                .records()
                .getAsync(connectionId)
                .thenApply(found -> Optional.ofNullable(found).map(RecordEntry::record));
    }

    CompletionStage<List<ConnectionRecord>> connectionsOf(String user) {
        return member.get().users().getAsync(user).thenCompose(index -> {
            List<CompletableFuture<Optional<ConnectionRecord>>> found = new ArrayList<>();
            for (String id : index == null ? Set.<String>of() : index.connections()) {
                found.add(locate(id).toCompletableFuture());
            }
            return Futures.all(found)
                    .thenApply(all -> found.stream()
                            .map(CompletableFuture::join)
                            .flatMap(Optional::stream)
                            .filter(record -> user.equals(record.user()))
                            .sorted(Comparator.comparing(ConnectionRecord::connectedAt)
                                    .thenComparing(ConnectionRecord::connectionId))
                            .toList());
        });
    }

    /** The node that holds the connection knows; nobody else keeps it. */
    CompletionStage<Set<String>> groupsOf(String connectionId) {
        Connection own = holdings.connection(connectionId);
        if (own != null) {
            return CompletableFuture.completedStage(Set.copyOf(own.groups()));
        }
        return member.get().records().getAsync(connectionId).thenCompose(found -> {
            if (found == null) {
                return CompletableFuture.completedStage(Set.<String>of());
            }
            Member holder = member.get().side().member(found.holder().member());
            if (holder == null || found.holder().equals(here())) {
                return CompletableFuture.completedStage(Set.<String>of());
            }
            return member.get()
                    .ask(holder, Note.groupsOf(connectionId))
                    .thenApply(answer -> answer instanceof String[] names
                            ? Set.copyOf(Arrays.asList(names))
                            : Collections.<String>emptySet());
        });
    }

    /** What {@link Note#groupsOf} answers. */
    Set<String> ownGroupsOf(String connectionId) {
        Connection own = holdings.connection(connectionId);
        return own == null ? Set.of() : Set.copyOf(own.groups());
    }

    CompletionStage<Boolean> send(String connectionId, Buffer payload) {
        byte[] parcel = Parcel.send(connectionId, payload);
        return member.get().records().getAsync(connectionId).thenApply(found -> {
            if (found == null) {
                return false;
            }
            return member.get().side().links().offer(found.holder(), parcel);
        });
    }

    /** Blocks. */
    long count() {
        try {
            return member.get().records().size();
        } catch (RuntimeException failure) {
            throw new RegistryException(Reason.UNAVAILABLE, "the connections cannot be counted now", failure);
        }
    }
}
