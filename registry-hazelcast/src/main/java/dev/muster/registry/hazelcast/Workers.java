package dev.muster.registry.hazelcast;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what blocks. They end when they have nothing to do. */
final class Workers {

    private Workers() {}

    /** One thread: what it is given runs in order. */
    static ThreadPoolExecutor single(String name) {
        return pool(name, 1, new LinkedBlockingQueue<>());
    }

    /** A few threads and a bounded queue; refuses what does not fit. */
    static ThreadPoolExecutor few(String name, int threads, int waiting) {
        return pool(name, threads, new ArrayBlockingQueue<>(waiting));
    }

    private static ThreadPoolExecutor pool(String name, int threads, BlockingQueue<Runnable> queue) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, queue, task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
