package dev.muster.node.room;

import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;

/** An event loop whose tasks run when the test says so; the test's thread counts as its own. */
final class TestLoop {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final EventLoop loop = (EventLoop) Proxy.newProxyInstance(
            EventLoop.class.getClassLoader(),
            new Class<?>[] {EventLoop.class},
            (self, method, args) -> switch (method.getName()) {
                case "execute" -> execute((Runnable) args[0]);
                case "inEventLoop" -> true;
                case "hashCode" -> System.identityHashCode(self);
                case "equals" -> self == args[0];
                case "toString" -> "test loop";
                default -> throw new AssertionError("nobody needs " + method.getName());
            });

    private int executed;
    private boolean stopped;

    EventLoop asEventLoop() {
        return loop;
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Tasks it was given so far. */
    int executed() {
        return executed;
    }

    void runOne() {
        tasks.remove().run();
    }

    void runAll() {
        while (hasTasks()) {
            runOne();
        }
    }

    /** From now on it takes no tasks. */
    void stop() {
        stopped = true;
        tasks.clear();
    }

    private Object execute(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("stopped");
        }
        executed++;
        tasks.add(task);
        return null;
    }
}
