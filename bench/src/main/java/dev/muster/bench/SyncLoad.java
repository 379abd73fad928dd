package dev.muster.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.muster.node.Node;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What synchronization costs: two nodes over one in-memory cluster, entities with two components that all change at a
 * rate, and subscribers spread over both nodes, in a process of their own so that their work is not counted.
 *
 * <p>{@code java -cp bench/target/benchmarks.jar dev.muster.bench.SyncLoad [entities] [hz] [subscribers] [seconds]}
 * prints CPU of the nodes (with the changing itself) per delivered component update, bytes per update, and how regularly
 * batches come. With {@code snapshot} in place of the rate: how long a new subscriber waits for all there is, and what
 * the heap holds at most meanwhile.
 */
public final class SyncLoad {

    /** The second component. */
    public record Velocity(double x, double y) {}

    private static final PrintStream OUT = System.out;
    private static final int WARM_SECONDS = 5;

    private final int entities;
    private final int subscribers;
    private final int seconds;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Entity> spawned = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    private SyncLoad(int entities, int subscribers, int seconds) {
        this.entities = entities;
        this.subscribers = subscribers;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("clients")) {
            SyncReaders.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        int entities = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        boolean snapshot = args.length > 1 && args[1].equals("snapshot");
        int hz = args.length > 1 && !snapshot ? Integer.parseInt(args[1]) : 30;
        int subscribers = args.length > 2 ? Integer.parseInt(args[2]) : 100;
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 10;
        SyncLoad load = new SyncLoad(entities, subscribers, seconds);
        load.start();
        if (snapshot) {
            load.snapshot();
        } else {
            load.run(hz);
        }
        System.exit(0);
    }

    private void start() {
        Sync sync = Sync.builder()
                .component(Position.class)
                .component(Velocity.class)
                .build();
        for (int i = 0; i < 2; i++) {
            nodes.add(await(Node.builder()
                    .option("cluster", "sync-load")
                    .option("limit-connections", "0")
                    .nodeId("n" + i)
                    .registry("memory")
                    .port(0)
                    .vertx(vertx)
                    .sync(sync)
                    .start()));
        }
        Space space = nodes.get(0).space(Sync.WORLD);
        List<Future<Entity>> spawning = new ArrayList<>();
        for (int i = 0; i < entities; i++) {
            spawning.add(space.spawn(new Position(i, 0, 0), new Velocity(1, 0)));
            if (spawning.size() == 1_000 || i == entities - 1) {
                spawning.forEach(each -> spawned.add(await(each)));
                spawning.clear();
            }
        }
    }

    private void run(int hz) throws Exception {
        AtomicLong changes = new AtomicLong();
        AtomicLong waiting = new AtomicLong();
        Space space = nodes.get(0).space(Sync.WORLD);
        Process clients = subscribers == 0 ? null : clients(subscribers, WARM_SECONDS + seconds);
        int slices = 30;
        int[] slice = {0};
        int[] round = {0};
        double perSlice = (double) entities * hz / slices;
        double[] due = {0};
        int[] next = {0};
        vertx.setPeriodic(1_000 / slices, timer -> {
            slice[0]++;
            for (due[0] += perSlice; due[0] >= 1 && waiting.get() < 100_000; due[0]--) {
                Entity entity = spawned.get(next[0]);
                next[0] = (next[0] + 1) % entities;
                round[0]++;
                waiting.addAndGet(2);
                space.set(entity, new Position(round[0], slice[0], 0)).onComplete(done -> waiting.decrementAndGet());
                space.set(entity, new Velocity(round[0], slice[0])).onComplete(done -> waiting.decrementAndGet());
                changes.addAndGet(2);
            }
        });
        Thread.sleep(WARM_SECONDS * 1_000L);
        long cpu = cpuNanos();
        long before = changes.get();
        Thread.sleep(seconds * 1_000L);
        double cpuMicros = (cpuNanos() - cpu) / 1e3;
        double changed = changes.get() - before;
        OUT.printf(
                Locale.ROOT,
                "%d entities, %.0f changes/s, %d subscribers: %.2f us of CPU per change%n",
                entities,
                changed / seconds,
                subscribers,
                cpuMicros / changed);
        if (clients != null) {
            report(clients, cpuMicros);
        }
    }

    private void report(Process clients, double cpuMicros) throws IOException, InterruptedException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
            String[] figures = String.valueOf(lines.readLine()).split(" ");
            double updates = Double.parseDouble(figures[0]) * seconds;
            OUT.printf(
                    Locale.ROOT,
                    "%.0f updates/s delivered, %.2f us of CPU per delivered update, %s bytes per update, "
                            + "batches %s ms apart at the median, p99 %s ms%n",
                    updates / seconds,
                    cpuMicros / updates,
                    figures[1],
                    figures[2],
                    figures[3]);
        }
        clients.waitFor();
    }

    private void snapshot() throws Exception {
        Thread.sleep(2_000);
        System.gc();
        long before = heap();
        AtomicLong peak = new AtomicLong();
        Thread watch = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                peak.accumulateAndGet(heap(), Math::max);
                Thread.onSpinWait();
            }
        });
        watch.setDaemon(true);
        Process clients = clients(1, seconds);
        watch.start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            watch.interrupt();
            OUT.printf(
                    Locale.ROOT,
                    "%d entries: %s; heap %.1f MB before, at most %.1f MB with garbage%n",
                    2 * entities,
                    line,
                    before / 1e6,
                    peak.get() / 1e6);
        }
        clients.waitFor();
    }

    private Process clients(int number, int forSeconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                SyncLoad.class.getName(),
                "clients",
                Integer.toString(number),
                Integer.toString(forSeconds),
                Integer.toString(WARM_SECONDS),
                Integer.toString(number == 1 ? 2 * entities : 0)));
        nodes.forEach(node -> command.add(Integer.toString(node.port())));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static <T> T await(Future<T> future) {
        CountDownLatch done = new CountDownLatch(1);
        future.onComplete(any -> done.countDown());
        try {
            done.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        if (future.failed()) {
            throw new IllegalStateException(future.cause());
        }
        return future.result();
    }
}
