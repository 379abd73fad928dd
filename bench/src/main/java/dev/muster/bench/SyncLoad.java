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
 * What synchronization costs: two nodes over one in-memory cluster, entities with two components that change at a rate,
 * and subscribers spread over both nodes, in a process of their own so that their work is not counted.
 *
 * <p>{@code java -cp bench/target/benchmarks.jar dev.muster.bench.SyncLoad [entities] [hz] [subscribers] [seconds] [what]}
 * prints CPU of the nodes (with the changing itself) per change and per delivered component update, bytes per update, and
 * how regularly batches come. Subscribers want {@code all}, or some ten entities each: {@code region} by a filter, {@code
 * entity} by a subscription for each.
 *
 * <p>With {@code snapshot} for the rate: how long that many who come at once wait for all there is, what a component costs
 * that they get, and what the heap holds at most meanwhile. {@code what} is then how many entities change meanwhile,
 * thirty times a second.
 */
public final class SyncLoad {

    /** The second component. */
    public record Velocity(double x, double y) {}

    private static final PrintStream OUT = System.out;
    private static final int WARM_SECONDS = 5;
    /** Of the changes within a second; the timer behind it is no finer. */
    private static final int SLICES = 30;
    /** Changes under way, beyond which the nodes are taken to be at their limit. */
    private static final int MOST_UNDER_WAY = 100_000;

    private final int entities;
    private final int subscribers;
    private final int seconds;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Entity> spawned = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong changes = new AtomicLong();

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
        int subscribers = args.length > 2 ? Integer.parseInt(args[2]) : snapshot ? 1 : 100;
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 10;
        String what = args.length > 4 ? args[4] : snapshot ? "0" : "all";
        SyncLoad load = new SyncLoad(entities, subscribers, seconds);
        load.start();
        if (snapshot) {
            load.snapshot(Integer.parseInt(what));
        } else {
            load.run(hz, what);
        }
        System.exit(0);
    }

    private void start() {
        Sync sync = Sync.builder()
                .component(Velocity.class)
                .position(Position.class, place -> new Sync.Point(place.x(), place.y(), place.z()))
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

    // ---- changing ----

    /** Changes the first so many entities, both components, evenly over each second. */
    private void change(int count, int hz) {
        AtomicLong underWay = new AtomicLong();
        Space space = nodes.get(0).space(Sync.WORLD);
        double perSlice = (double) count * hz / SLICES;
        double[] due = {0};
        int[] next = {0};
        int[] round = {0};
        vertx.setPeriodic(1_000 / SLICES, timer -> {
            for (due[0] += perSlice; due[0] >= 1 && underWay.get() < MOST_UNDER_WAY; due[0]--) {
                Entity entity = spawned.get(next[0]);
                // It stays within its own unit, and so near the same others.
                float aside = round[0] % 100 / 101f;
                Position place = new Position(next[0] + aside, round[0], 0);
                next[0]++;
                if (next[0] == count) {
                    next[0] = 0;
                    round[0]++;
                }
                underWay.addAndGet(2);
                space.set(entity, place).onComplete(done -> underWay.decrementAndGet());
                space.set(entity, new Velocity(round[0], aside)).onComplete(done -> underWay.decrementAndGet());
                changes.addAndGet(2);
            }
            due[0] = Math.min(due[0], perSlice);
        });
    }

    private void run(int hz, String what) throws Exception {
        Process clients = subscribers == 0 ? null : clients(what, 0);
        change(entities, hz);
        Thread.sleep(WARM_SECONDS * 1_000L);
        long cpu = cpuNanos();
        long before = changes.get();
        Thread.sleep(seconds * 1_000L);
        double cpuMicros = (cpuNanos() - cpu) / 1e3;
        double changed = changes.get() - before;
        OUT.printf(
                Locale.ROOT,
                "%d entities, %.0f changes/s, %d subscribers: %.2f us of CPU per change, %.0f %% of a core%n",
                entities,
                changed / seconds,
                subscribers,
                cpuMicros / changed,
                cpuMicros / seconds / 1e4);
        if (clients != null) {
            report(clients, cpuMicros);
        }
    }

    private void report(Process clients, double cpuMicros) throws IOException, InterruptedException {
        String[] figures = lastLine(clients).split(" ");
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

    private void snapshot(int moving) throws Exception {
        change(moving, SLICES);
        Thread.sleep(2_000);
        System.gc();
        long before = heap();
        AtomicLong peak = new AtomicLong();
        Thread watch = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                peak.accumulateAndGet(heap(), Math::max);
                try {
                    Thread.sleep(5);
                } catch (InterruptedException over) {
                    return;
                }
            }
        });
        watch.setDaemon(true);
        watch.start();
        long cpu = cpuNanos();
        Process clients = clients("all", 2L * entities * subscribers);
        String line = lastLine(clients);
        double cpuMicros = (cpuNanos() - cpu) / 1e3;
        watch.interrupt();
        OUT.printf(
                Locale.ROOT,
                "%d entries, %d subscribers, %d entities moving: %s; %.2f us of CPU per entry and subscriber, "
                        + "heap %.1f MB before, at most %.1f MB with garbage%n",
                2 * entities,
                subscribers,
                moving,
                line,
                cpuMicros / (2.0 * entities * subscribers),
                before / 1e6,
                peak.get() / 1e6);
    }

    // ---- subscribers ----

    private Process clients(String what, long items) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                SyncLoad.class.getName(),
                "clients",
                Integer.toString(subscribers),
                Integer.toString(items == 0 ? WARM_SECONDS + seconds : seconds),
                Integer.toString(WARM_SECONDS),
                Long.toString(items),
                what,
                Long.toUnsignedString(spawned.get(0).bits()),
                Integer.toString(entities)));
        nodes.forEach(node -> command.add(Integer.toString(node.port())));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String lastLine(Process clients) throws IOException, InterruptedException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
            String line = String.valueOf(lines.readLine());
            clients.waitFor();
            return line;
        }
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
