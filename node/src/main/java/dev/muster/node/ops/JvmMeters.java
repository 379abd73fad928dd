package dev.muster.node.ops;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/**
 * The basics of the JVM. Read from where the JVM counts them since its start; Micrometer's own binders would begin to
 * count only when somebody first asks.
 */
final class JvmMeters {

    private JvmMeters() {}

    static void bindTo(MeterRegistry registry) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        Gauge.builder(
                        "jvm.memory.heap.used.bytes",
                        memory,
                        m -> m.getHeapMemoryUsage().getUsed())
                .register(registry);
        Gauge.builder(
                        "jvm.memory.heap.committed.bytes",
                        memory,
                        m -> m.getHeapMemoryUsage().getCommitted())
                .register(registry);
        Gauge.builder(
                        "jvm.memory.heap.max.bytes",
                        memory,
                        m -> m.getHeapMemoryUsage().getMax())
                .register(registry);
        Gauge.builder(
                        "jvm.memory.nonheap.used.bytes",
                        memory,
                        m -> m.getNonHeapMemoryUsage().getUsed())
                .register(registry);
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            Gauge.builder("jvm.buffer.used.bytes", pool, BufferPoolMXBean::getMemoryUsed)
                    .tag("pool", pool.getName())
                    .register(registry);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Gauge.builder("jvm.threads", threads, ThreadMXBean::getThreadCount).register(registry);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            FunctionTimer.builder(
                            "jvm.gc.pause",
                            collector,
                            GarbageCollectorMXBean::getCollectionCount,
                            GarbageCollectorMXBean::getCollectionTime,
                            TimeUnit.MILLISECONDS)
                    .tag("collector", collector.getName())
                    .register(registry);
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean process) {
            FunctionCounter.builder("process.cpu.seconds", process, p -> p.getProcessCpuTime() / 1e9)
                    .register(registry);
        }
    }
}
