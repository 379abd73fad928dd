package dev.muster.node.ops;

import dev.muster.node.ops.RegistryFigures.Operation;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.Slice;
import dev.muster.registry.SnapshotPage;
import io.netty.util.concurrent.EventExecutorGroup;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A registry whose operations are counted. The futures are those of the registry behind it. */
public final class MeteredRegistry implements ConnectionRegistry {

    private final ConnectionRegistry behind;
    private final RegistryFigures figures;
    private final LatencyProbe probe;
    private final LongSupplier nanoTime;

    /**
     * @param behind does the work
     * @param figures where it is counted
     * @param loops the node's event loops
     * @param nanoTime monotonic, in ns
     */
    public MeteredRegistry(
            ConnectionRegistry behind, RegistryFigures figures, EventExecutorGroup loops, LongSupplier nanoTime) {
        this.behind = behind;
        this.figures = figures;
        this.probe = new LatencyProbe(figures.latency(), loops, nanoTime);
        this.nanoTime = nanoTime;
    }

    private <T> Future<T> metered(Operation operation, long began, Future<T> future) {
        return future.onComplete((done, failure) -> figures.ended(operation, failure, nanoTime.getAsLong() - began));
    }

    @Override
    public Future<Void> start(RegistryListener listener) {
        return behind.start(new ProbedListener(listener, probe));
    }

    @Override
    public Future<Void> close() {
        return behind.close();
    }

    @Override
    public NodeId self() {
        return behind.self();
    }

    @Override
    public Set<NodeId> nodes() {
        return behind.nodes();
    }

    @Override
    public Future<Void> register(ConnectionRecord record) {
        return metered(Operation.REGISTER, nanoTime.getAsLong(), behind.register(record));
    }

    @Override
    public Future<Boolean> unregister(String connectionId) {
        return metered(Operation.UNREGISTER, nanoTime.getAsLong(), behind.unregister(connectionId));
    }

    @Override
    public Future<Optional<ConnectionRecord>> locate(String connectionId) {
        return metered(Operation.LOOKUP, nanoTime.getAsLong(), behind.locate(connectionId));
    }

    @Override
    public Future<List<ConnectionRecord>> connectionsOf(String user) {
        return metered(Operation.LOOKUP, nanoTime.getAsLong(), behind.connectionsOf(user));
    }

    @Override
    public Future<Long> connectionCount() {
        return metered(Operation.LOOKUP, nanoTime.getAsLong(), behind.connectionCount());
    }

    @Override
    public Future<Position> watch(String group) {
        return metered(Operation.WATCH, nanoTime.getAsLong(), behind.watch(group));
    }

    @Override
    public Future<Void> unwatch(String group) {
        return metered(Operation.UNWATCH, nanoTime.getAsLong(), behind.unwatch(group));
    }

    @Override
    public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
        return metered(Operation.JOIN, nanoTime.getAsLong(), behind.join(connectionId, group, policy));
    }

    @Override
    public Future<Boolean> leave(String connectionId, String group) {
        return metered(Operation.LEAVE, nanoTime.getAsLong(), behind.leave(connectionId, group));
    }

    @Override
    public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
        return metered(Operation.LOOKUP, nanoTime.getAsLong(), behind.members(group, cursor, limit));
    }

    @Override
    public Future<Long> memberCount(String group) {
        return metered(Operation.LOOKUP, nanoTime.getAsLong(), behind.memberCount(group));
    }

    @Override
    public Future<Set<String>> groupsOf(String connectionId) {
        return metered(Operation.LOOKUP, nanoTime.getAsLong(), behind.groupsOf(connectionId));
    }

    @Override
    public Future<Page<GroupCount>> groups(@Nullable String cursor) {
        return metered(Operation.LOOKUP, nanoTime.getAsLong(), behind.groups(cursor));
    }

    @Override
    public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
        long began = nanoTime.getAsLong();
        LatencyProbe.Traced followed = probe.publishing(group, draft, began);
        Future<Published> published = behind.publish(group, draft, policy);
        if (followed != null) {
            probe.answered(followed, published);
        }
        return metered(Operation.PUBLISH, began, published);
    }

    @Override
    public Future<Void> publishAll(Draft draft) {
        return metered(Operation.PUBLISH, nanoTime.getAsLong(), behind.publishAll(draft));
    }

    @Override
    public Future<Slice> read(String group, Position after, int limit) {
        return metered(Operation.READ, nanoTime.getAsLong(), behind.read(group, after, limit));
    }

    @Override
    public Future<Map<String, Position>> heads(Collection<String> groups) {
        return metered(Operation.HEADS, nanoTime.getAsLong(), behind.heads(groups));
    }

    @Override
    public Future<SnapshotPage> snapshot(String group, @Nullable String cursor) {
        return metered(Operation.READ, nanoTime.getAsLong(), behind.snapshot(group, cursor));
    }

    @Override
    public Future<Boolean> send(String connectionId, Buffer payload) {
        return metered(Operation.SEND, nanoTime.getAsLong(), behind.send(connectionId, payload));
    }
}
