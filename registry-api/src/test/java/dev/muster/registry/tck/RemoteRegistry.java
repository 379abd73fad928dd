package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.Slice;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stands for the registry of a forked node: passes calls on, and calls the listener with what comes back. */
final class RemoteRegistry implements ConnectionRegistry {

    private static final long ANSWER_SECONDS = 10;

    private final String nodeName;
    private final Consumer<JsonObject> link;
    private final AtomicLong lastCall = new AtomicLong();
    private final Map<Long, Promise<JsonObject>> calls = new ConcurrentHashMap<>();
    private volatile @Nullable RegistryListener listener;
    private volatile boolean gone;

    RemoteRegistry(String nodeName, Consumer<JsonObject> link) {
        this.nodeName = nodeName;
        this.link = link;
    }

    // ---- the pipe ----

    private Future<JsonObject> call(String operation, JsonObject arguments) {
        long id = lastCall.incrementAndGet();
        Promise<JsonObject> answer = Promise.promise();
        calls.put(id, answer);
        try {
            link.accept(arguments.put("call", id).put("operation", operation));
        } catch (RegistryException broken) {
            calls.remove(id);
            return Future.failedFuture(broken);
        }
        if (gone) {
            processGone();
        }
        return answer.future();
    }

    void receive(JsonObject line) {
        Long call = line.getLong("call");
        if (call == null) {
            RegistryListener told = listener;
            if (told != null) {
                RemoteEvents.tell(told, line);
            }
            return;
        }
        Promise<JsonObject> answer = calls.remove(call);
        if (answer == null) {
            return;
        }
        String failure = line.getString("failure");
        if (failure == null) {
            answer.complete(line);
        } else if (failure.equals(ForkedNode.THROWN)) {
            answer.fail(new IllegalArgumentException(line.getString("message")));
        } else {
            answer.fail(new RegistryException(Reason.valueOf(failure), line.getString("message")));
        }
    }

    void processGone() {
        gone = true;
        calls.forEach((id, answer) ->
                answer.tryFail(new RegistryException(Reason.TIMEOUT, "the process of " + nodeName + " is gone")));
        calls.clear();
    }

    private JsonObject now(String operation) {
        try {
            return call(operation, new JsonObject()).await(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException(nodeName + " does not answer " + operation, late);
        }
    }

    // ---- lifecycle ----

    @Override
    public Future<Void> start(RegistryListener listener) {
        this.listener = listener;
        return call("start", new JsonObject()).mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return call("close", new JsonObject()).mapEmpty();
    }

    @Override
    public NodeId self() {
        return NodeId.parse(now("self").getString("value"));
    }

    @Override
    public Set<NodeId> nodes() {
        Set<NodeId> nodes = new LinkedHashSet<>();
        now("nodes").getJsonArray("value").forEach(node -> nodes.add(NodeId.parse((String) node)));
        return nodes;
    }

    // ---- connections ----

    @Override
    public Future<Void> register(ConnectionRecord record) {
        return call("register", new JsonObject().put("record", Wire.record(record)))
                .mapEmpty();
    }

    @Override
    public Future<Boolean> unregister(String connectionId) {
        return call("unregister", id(connectionId)).map(answer -> answer.getBoolean("value"));
    }

    @Override
    public Future<Optional<ConnectionRecord>> locate(String connectionId) {
        return call("locate", id(connectionId))
                .map(answer ->
                        Optional.ofNullable(answer.getJsonObject("value")).map(Wire::record));
    }

    @Override
    public Future<List<ConnectionRecord>> connectionsOf(String user) {
        return call("connectionsOf", new JsonObject().put("user", user))
                .map(answer -> Wire.list(answer.getJsonArray("value"), Wire::record));
    }

    @Override
    public Future<Long> connectionCount() {
        return call("connectionCount", new JsonObject()).map(answer -> answer.getLong("value"));
    }

    // ---- interest and membership ----

    @Override
    public Future<Position> watch(String group) {
        return call("watch", group(group)).map(answer -> Position.parse(answer.getString("value")));
    }

    @Override
    public Future<Void> unwatch(String group) {
        return call("unwatch", group(group)).mapEmpty();
    }

    @Override
    public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
        return call("join", id(connectionId).put("group", group).put("policy", Wire.policy(policy)))
                .map(answer -> Position.parse(answer.getString("value")));
    }

    @Override
    public Future<Boolean> leave(String connectionId, String group) {
        return call("leave", id(connectionId).put("group", group)).map(answer -> answer.getBoolean("value"));
    }

    @Override
    public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
        return call("members", group(group).put("cursor", cursor).put("limit", limit))
                .map(answer -> Wire.page(answer.getJsonObject("value"), Wire::record));
    }

    @Override
    public Future<Long> memberCount(String group) {
        return call("memberCount", group(group)).map(answer -> answer.getLong("value"));
    }

    @Override
    public Future<Set<String>> groupsOf(String connectionId) {
        return call("groupsOf", id(connectionId)).map(answer -> {
            Set<String> groups = new LinkedHashSet<>();
            answer.getJsonArray("value").forEach(group -> groups.add((String) group));
            return groups;
        });
    }

    @Override
    public Future<Page<GroupCount>> groups(@Nullable String cursor) {
        return call("groups", new JsonObject().put("cursor", cursor))
                .map(answer -> Wire.page(
                        answer.getJsonObject("value"),
                        item -> new GroupCount(item.getString("group"), item.getLong("members"))));
    }

    // ---- publishing ----

    @Override
    public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
        return call("publish", group(group).put("draft", Wire.draft(draft)).put("policy", Wire.policy(policy)))
                .map(answer -> Wire.published(answer.getJsonObject("value")));
    }

    @Override
    public Future<Void> publishAll(Draft draft) {
        return call("publishAll", new JsonObject().put("draft", Wire.draft(draft)))
                .mapEmpty();
    }

    @Override
    public Future<Slice> read(String group, Position after, int limit) {
        return call("read", group(group).put("after", after.toString()).put("limit", limit))
                .map(answer -> Wire.slice(answer.getJsonObject("value")));
    }

    @Override
    public Future<Map<String, Position>> heads(Collection<String> groups) {
        return call("heads", new JsonObject().put("groups", new JsonArray(List.copyOf(groups))))
                .map(answer -> {
                    Map<String, Position> heads = new LinkedHashMap<>();
                    answer.getJsonObject("value")
                            .forEach(head -> heads.put(head.getKey(), Position.parse((String) head.getValue())));
                    return heads;
                });
    }

    @Override
    public Future<SnapshotPage> snapshot(String group, @Nullable String cursor) {
        return call("snapshot", group(group).put("cursor", cursor))
                .map(answer -> Wire.snapshot(answer.getJsonObject("value")));
    }

    @Override
    public Future<Boolean> send(String connectionId, Buffer payload) {
        return call("send", id(connectionId).put("payload", payload)).map(answer -> answer.getBoolean("value"));
    }

    private static JsonObject group(String group) {
        return new JsonObject().put("group", group);
    }

    private static JsonObject id(String connectionId) {
        return new JsonObject().put("id", connectionId);
    }
}
