package dev.muster.node.cli;

import dev.muster.node.Node;
import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.NodeOptions;
import dev.muster.node.config.OptionReader;
import dev.muster.node.config.RegistryProviders;
import dev.muster.node.demo.DemoWorld;
import dev.muster.node.sync.Sync;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** {@code muster demo}: three nodes in one process, to play with. */
final class DemoCommand implements Subcommand {

    private static final int NODES = 3;
    private static final int TCP_PORT = 3030;
    private static final int LAST_PORT = 65_535;

    private final RegistryProviders providers;

    DemoCommand(RegistryProviders providers) {
        this.providers = providers;
    }

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "Run three nodes in one process, over one cluster in memory.";
    }

    @Override
    public String[] details() {
        return new String[] {
            "",
            "The nodes listen on --port and the two ports after it: 8080, 8081 and 8082, and for packets over raw",
            "TCP on --tcp-port and the two after it: 3030, 3031 and 3032.",
            "In the space \"world\" a few hundred animals wander about; /world draws them, from two nodes at once,",
            "and protobuf members of the room \"world\" find them in their hello and can change them.",
            "Ctrl-C stops them."
        };
    }

    @Override
    public Set<String> without() {
        return Set.of("Cluster", "Registries", "node-id");
    }

    @Override
    public int run(Map<String, String> flags, Map<String, String> environment, Console console) {
        List<NodeOptions> options = options(flags, environment);
        NodeOptions first = options.get(0);
        Logs.configure(first.logging().format(), "info");
        Launch.warn(first);
        Shutdown shutdown = Shutdown.install(first.drainTimeout(), console);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        List<Node> nodes = new ArrayList<>();
        try {
            for (NodeOptions each : options) {
                nodes.add(Launch.start(Node.builder().options(each).vertx(vertx)));
            }
            DemoWorld world = populate(vertx, nodes);
            shutdown.running(() -> {
                world.stop();
                return Future.join(nodes.stream().map(Node::close).toList()).mapEmpty();
            });
            show(nodes, console);
            return ExitCode.RUNNING;
        } catch (CompletionException failure) {
            shutdown.failed();
            return Launch.failed(failure, console);
        } catch (IllegalArgumentException invalid) {
            shutdown.failed();
            throw invalid;
        }
    }

    /** The first node moves what is in the world; while nobody is connected to any, nothing moves. */
    private static DemoWorld populate(Vertx vertx, List<Node> nodes) {
        Map<String, String> addresses = new LinkedHashMap<>();
        nodes.forEach(node -> addresses.put(node.id(), "http://" + Launch.authority(node)));
        return DemoWorld.start(
                        vertx,
                        nodes.get(0).space(Sync.WORLD),
                        addresses,
                        () -> nodes.stream().anyMatch(node -> node.count() > 0))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private OptionReader reader(int tcpPort) {
        return new OptionReader(
                providers,
                Map.of(
                        "log-broadcasts",
                        "true",
                        "tcp-port",
                        Integer.toString(tcpPort),
                        "room-space",
                        Sync.WORLD + "=" + Sync.WORLD));
    }

    private List<NodeOptions> options(Map<String, String> flags, Map<String, String> environment) {
        OptionReader reader = reader(TCP_PORT);
        Map<String, String> given = new LinkedHashMap<>(flags);
        String config = given.remove(CommandLineParser.CONFIG);
        Path file = config == null ? null : Path.of(config);
        given.put("registry", "memory");
        given.put("cluster", "demo");
        given.put("node-id", "demo-1");
        List<NodeOptions> options = new ArrayList<>();
        NodeOptions first = reader.read(given, environment, file);
        if (first.http().port() == 0) {
            // Who takes any port for the one wants no fixed one for the other, unless that is said.
            reader = reader(0);
            first = reader.read(given, environment, file);
        }
        options.add(first);
        Integer opsPort = first.access().ops().port();
        for (int i = 1; i < NODES; i++) {
            if (opsPort != null && opsPort != 0) {
                given.put("ops-port", Integer.toString(opsPort + i));
            }
            given.put("node-id", "demo-" + (i + 1));
            given.put("port", Integer.toString(shifted("port", first.http().port(), i)));
            given.put("tcp-port", shifted("tcp-port", first.packets().tcpPort(), i));
            given.put("packet-port", shifted("packet-port", first.packets().webSocketPort(), i));
            options.add(reader.read(given, environment, file));
        }
        return options;
    }

    private static String shifted(String option, OptionalInt first, int node) {
        return first.isPresent() ? Integer.toString(shifted(option, first.getAsInt(), node)) : "off";
    }

    /** The port of a later node; any that is free if the first one's is. */
    private static int shifted(String option, int first, int node) {
        if (first > LAST_PORT - NODES + 1) {
            throw new InvalidOption(
                    option,
                    "must be at most " + (LAST_PORT - NODES + 1) + " for the demo's three nodes, but is " + first);
        }
        return first == 0 ? 0 : first + node;
    }

    private static void show(List<Node> nodes, Console console) {
        nodes.forEach(node -> Launch.listening(node, console));
        StringBuilder text = new StringBuilder("\nThree nodes, one cluster in memory:\n");
        nodes.forEach(node -> text.append("  ")
                .append(node.id())
                .append("  http://")
                .append(Launch.authority(node))
                .append('\n'));
        String first = Launch.authority(nodes.get(0));
        String last = Launch.authority(nodes.get(NODES - 1));
        text.append("\nIn two terminals; what one says, the other hears, from another node:\n")
                .append("  npx wscat -c ws://")
                .append(first)
                .append("/ws/lobby\n")
                .append("  npx wscat -c ws://")
                .append(last)
                .append("/ws/lobby\n")
                .append("As somebody with a name:\n")
                .append("  npx wscat -H \"Authorization: Bearer valid-token\" -c ws://")
                .append(last)
                .append("/ws/chat/lobby\n")
                .append("Who is there:\n")
                .append("  curl http://")
                .append(first)
                .append("/ws/lobby/stats\n")
                .append("A world to look at, from two nodes at once, and what is in it:\n")
                .append("  http://")
                .append(first)
                .append("/world\n")
                .append("  http://")
                .append(first)
                .append("/inspector\n")
                .append("The same world in protobuf:\n")
                .append("  ./muster connect ws://")
                .append(last)
                .append(" --room world --protocol protobuf\n")
                .append("\nCtrl-C stops the demo.");
        console.line(text.toString());
        console.line("Demo is ready: registry memory, 3 nodes");
    }
}
