package dev.muster.registry.mock;

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
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what another registry does, but for what a subclass breaks. */
class ForwardingRegistry implements ConnectionRegistry {

    final ConnectionRegistry sound;

    ForwardingRegistry(ConnectionRegistry sound) {
        this.sound = sound;
    }

    /** What becomes of every answer. */
    <T> Future<T> answer(Future<T> answer) {
        return answer;
    }

    /** Who is called back in the listener's place. */
    RegistryListener listening(RegistryListener listener) {
        return listener;
    }

    @Override
    public Future<Void> start(RegistryListener listener) {
        return answer(sound.start(listening(listener)));
    }

    @Override
    public Future<Void> close() {
        return answer(sound.close());
    }

    @Override
    public NodeId self() {
        return sound.self();
    }

    @Override
    public Set<NodeId> nodes() {
        return sound.nodes();
    }

    @Override
    public Future<Void> register(ConnectionRecord record) {
        return answer(sound.register(record));
    }

    @Override
    public Future<Boolean> unregister(String connectionId) {
        return answer(sound.unregister(connectionId));
    }

    @Override
    public Future<Optional<ConnectionRecord>> locate(String connectionId) {
        return answer(sound.locate(connectionId));
    }

    @Override
    public Future<List<ConnectionRecord>> connectionsOf(String user) {
        return answer(sound.connectionsOf(user));
    }

    @Override
    public Future<Long> connectionCount() {
        return answer(sound.connectionCount());
    }

    @Override
    public Future<Position> watch(String group) {
        return answer(sound.watch(group));
    }

    @Override
    public Future<Void> unwatch(String group) {
        return answer(sound.unwatch(group));
    }

    @Override
    public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
        return answer(sound.join(connectionId, group, policy));
    }

    @Override
    public Future<Boolean> leave(String connectionId, String group) {
        return answer(sound.leave(connectionId, group));
    }

    @Override
    public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
        return answer(sound.members(group, cursor, limit));
    }

    @Override
    public Future<Long> memberCount(String group) {
        return answer(sound.memberCount(group));
    }

    @Override
    public Future<Set<String>> groupsOf(String connectionId) {
        return answer(sound.groupsOf(connectionId));
    }

    @Override
    public Future<Page<GroupCount>> groups(@Nullable String cursor) {
        return answer(sound.groups(cursor));
    }

    @Override
    public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
        return answer(sound.publish(group, draft, policy));
    }

    @Override
    public Future<Void> publishAll(Draft draft) {
        return answer(sound.publishAll(draft));
    }

    @Override
    public Future<Slice> read(String group, Position after, int limit) {
        return answer(sound.read(group, after, limit));
    }

    @Override
    public Future<Map<String, Position>> heads(Collection<String> groups) {
        return answer(sound.heads(groups));
    }

    @Override
    public Future<SnapshotPage> snapshot(String group, @Nullable String cursor) {
        return answer(sound.snapshot(group, cursor));
    }

    @Override
    public Future<Boolean> send(String connectionId, Buffer payload) {
        return answer(sound.send(connectionId, payload));
    }
}
