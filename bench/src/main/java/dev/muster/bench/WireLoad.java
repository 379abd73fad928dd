package dev.muster.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.muster.node.Node;
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
import java.util.concurrent.TimeUnit;

/**
 * What a delivery costs over real sockets: two nodes over one in-memory cluster, and one room whose members are spread
 * over both nodes and over wires, in a process of their own so that their work is not counted.
 *
 * <p>{@code java -cp bench/target/benchmarks.jar dev.muster.bench.WireLoad [wires] [members] [messages/s] [seconds]}, with
 * wires like {@code relay} or {@code relay+protobuf+chat+events+packets}, prints CPU of the nodes per delivery.
 */
public final class WireLoad {

    /** Every wire. */
    static final String ALL = "relay+protobuf+chat+events+packets";

    private static final PrintStream OUT = System.out;
    /** In which members join and the compilers finish. */
    private static final int WARM_SECONDS = 10;

    private WireLoad() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("clients")) {
            WireReaders.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        String wires = args.length > 0 ? args[0] : ALL;
        int members = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        int rate = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 10;
        Vertx vertx = Vertx.vertx();
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                WireLoad.class.getName(),
                "clients",
                wires,
                Integer.toString(members),
                Integer.toString(rate),
                Integer.toString(WARM_SECONDS),
                Integer.toString(seconds)));
        for (int i = 0; i < 2; i++) {
            Future<Node> node = Node.builder()
                    .option("cluster", "wire-load")
                    .option("limit-connections", "0")
                    .option("limit-messages", "0")
                    .nodeId("n" + i)
                    .registry("memory")
                    .port(0)
                    .vertx(vertx)
                    .start();
            command.add(Integer.toString(
                    node.toCompletionStage().toCompletableFuture().get().port()));
        }
        run(wires, members, seconds, command);
        System.exit(0);
    }

    /** The clients say when what they count begins, and how much it was. */
    private static void run(String wires, int members, int seconds, List<String> command) throws IOException {
        Process clients = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
            lines.readLine();
            long before = cpuNanos();
            String[] counted = String.valueOf(lines.readLine()).split(" ");
            double micros = TimeUnit.NANOSECONDS.toMicros(cpuNanos() - before);
            long delivered = Long.parseLong(counted[0]);
            OUT.printf(
                    Locale.ROOT,
                    "%s: %d members, %.0f deliveries/s, %.2f us of CPU per delivery, %s bytes each%n",
                    wires,
                    members,
                    (double) delivered / seconds,
                    micros / delivered,
                    counted[1]);
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
