package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One call of each operation that returns a future, start and close aside. */
final class EveryOperation {

    private EveryOperation() {}

    /** The calls by the operation's name. {@code connectionId} is one that the node of {@code registry} registered. */
    static Map<String, Supplier<Future<?>>> of(TckNode node, String connectionId, String group) {
        ConnectionRegistry registry = node.registry();
        Position start = new Position("unknown", 0);
        Map<String, Supplier<Future<?>>> calls = new LinkedHashMap<>();
        calls.put("register", () -> registry.register(node.record("another")));
        calls.put("locate", () -> registry.locate(connectionId));
        calls.put("connectionsOf", () -> registry.connectionsOf("somebody"));
        calls.put("connectionCount", registry::connectionCount);
        calls.put("watch", () -> registry.watch(group));
        calls.put("join", () -> registry.join(connectionId, group, GroupPolicy.DEFAULT));
        calls.put("members", () -> registry.members(group, null, 10));
        calls.put("memberCount", () -> registry.memberCount(group));
        calls.put("groupsOf", () -> registry.groupsOf(connectionId));
        calls.put("groups", () -> registry.groups(null));
        calls.put("publish", () -> registry.publish(group, Draft.text(null, "x"), GroupPolicy.DEFAULT));
        calls.put(
                "fast publish",
                () -> registry.publish(group, Draft.text(null, "x").asFast(), GroupPolicy.DEFAULT));
        calls.put("publishAll", () -> registry.publishAll(Draft.text(null, "x").asFast()));
        calls.put("read", () -> registry.read(group, start, 10));
        calls.put("heads", () -> registry.heads(List.of(group)));
        calls.put("snapshot", () -> registry.snapshot(group, null));
        calls.put("send", () -> registry.send(connectionId, Buffer.buffer("x")));
        calls.put("leave", () -> registry.leave(connectionId, group));
        calls.put("unregister", () -> registry.unregister(connectionId));
        calls.put("unwatch", () -> registry.unwatch(group));
        return calls;
    }
}
