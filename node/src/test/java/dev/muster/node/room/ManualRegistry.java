package dev.muster.node.room;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A registry that does nothing by itself: the test reads what was asked and answers when it likes. */
final class ManualRegistry {

    /** What was asked so far, such as {@code join a}. */
    final List<String> calls = new ArrayList<>();

    private final Map<String, List<Promise<Object>>> open = new LinkedHashMap<>();

    final ConnectionRegistry registry = (ConnectionRegistry) Proxy.newProxyInstance(
            ConnectionRegistry.class.getClassLoader(),
            new Class<?>[] {ConnectionRegistry.class},
            (self, method, args) -> switch (method.getName()) {
                case "watch", "unwatch", "publish", "heads", "read", "members" -> asked(method.getName());
                case "join", "leave", "unregister" -> asked(method.getName() + " " + args[0]);
                default -> throw new AssertionError("rooms have no business with " + method.getName());
            });

    private Future<Object> asked(String call) {
        calls.add(call);
        Promise<Object> promise = Promise.promise();
        open.computeIfAbsent(call, key -> new ArrayList<>()).add(promise);
        return promise.future();
    }

    /** Whether {@code call} waits for an answer. */
    boolean waits(String call) {
        return !open.getOrDefault(call, List.of()).isEmpty();
    }

    void answer(String call, Object result) {
        open.get(call).remove(0).complete(result);
    }

    void refuse(String call, RegistryException.Reason reason) {
        open.get(call).remove(0).fail(new RegistryException(reason, "for the test"));
    }

    static Position at(long offset) {
        return new Position("e", offset);
    }

    static Publication message(long offset) {
        return message(null, offset);
    }

    static Publication message(String sender, long offset) {
        return Publication.of(Draft.text(sender, "hi"), at(offset), 0);
    }

    static Publication joined(String connection, long offset) {
        return Publication.ofMember(Publication.Kind.JOINED, record(connection), at(offset), 0);
    }

    static Publication left(String connection, long offset) {
        return Publication.ofMember(Publication.Kind.LEFT, record(connection), at(offset), 0);
    }

    static ConnectionRecord record(String connection) {
        return new ConnectionRecord(
                connection, new NodeId("n", 1), "websocket", null, null, "WS-" + connection, Instant.EPOCH);
    }
}
