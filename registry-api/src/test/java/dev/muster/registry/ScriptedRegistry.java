package dev.muster.registry;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A registry of one group whose log a test writes, and whose answers come when the test says so. Only what a feed
 * asks for is there: watch, unwatch, read and heads.
 */
final class ScriptedRegistry {

    static final String GROUP = "g";

    final List<Publication> log = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final Deque<Runnable> pending = new ArrayDeque<>();
    Position watchedFrom = new Position("e1", 0);
    boolean refuse;
    Slice.Completeness messages = Slice.Completeness.COMPLETE;
    Slice.Completeness memberships = Slice.Completeness.COMPLETE;
    Position head = watchedFrom;

    ConnectionRegistry proxy() {
        return (ConnectionRegistry) Proxy.newProxyInstance(
                ConnectionRegistry.class.getClassLoader(),
                new Class<?>[] {ConnectionRegistry.class},
                (self, method, args) -> switch (method.getName()) {
                    case "watch" -> later("watch", () -> watchedFrom);
                    case "unwatch" -> later("unwatch", () -> null);
                    case "read" -> later("read " + args[1], () -> read((Position) args[1], (int) args[2]));
                    case "heads" -> later("heads", () -> heads((Collection<?>) args[0]));
                    default -> throw new AssertionError("a feed has no business with " + method.getName());
                });
    }

    /** Answers the oldest open call. */
    void answer() {
        pending.remove().run();
    }

    /** Answers until nothing is open, also what the answers lead to. */
    void answerAll() {
        while (!pending.isEmpty()) {
            answer();
        }
    }

    Publication append(String epoch, long offset) {
        Publication publication = message(epoch, offset);
        log.add(publication);
        head = new Position(epoch, offset);
        return publication;
    }

    static Publication message(String epoch, long offset) {
        return Publication.of(Draft.text(null, epoch + "/" + offset), new Position(epoch, offset), 0);
    }

    private <T> Future<T> later(String call, Supplier<T> answer) {
        calls.add(call);
        Promise<T> promise = Promise.promise();
        pending.add(() -> {
            if (refuse) {
                promise.fail(new RegistryException(RegistryException.Reason.UNAVAILABLE, "gone"));
            } else {
                promise.complete(answer.get());
            }
        });
        return promise.future();
    }

    private Slice read(Position after, int limit) {
        if (messages != Slice.Completeness.COMPLETE) {
            return Slice.broken(head, messages);
        }
        List<Publication> found = new ArrayList<>();
        for (Publication publication : log) {
            if (publication.position().offset() > after.offset() && found.size() < limit) {
                found.add(publication);
            }
        }
        Position through = found.size() == limit ? found.get(limit - 1).position() : head;
        return new Slice(found, through, head, messages, memberships);
    }

    private Map<String, Position> heads(Collection<?> groups) {
        Map<String, Position> heads = new HashMap<>();
        groups.forEach(group -> heads.put((String) group, head));
        return heads;
    }
}
