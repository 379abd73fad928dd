package dev.muster.node.cli;

import dev.muster.node.Node;
import dev.muster.node.config.NodeOptions;
import dev.muster.node.config.OptionReader;
import dev.muster.node.config.RegistryProviders;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** {@code muster node}: one node. */
final class NodeCommand implements Subcommand {

    private final RegistryProviders providers;

    NodeCommand(RegistryProviders providers) {
        this.providers = providers;
    }

    @Override
    public String name() {
        return "node";
    }

    @Override
    public String summary() {
        return "Run one node of a cluster.";
    }

    @Override
    public String[] details() {
        return new String[] {
            "",
            "A flag wins over the environment, the environment over the file, the file over the default.",
            "Times are written 250ms, 10s, 5m, 1h; sizes 4096, 64KiB, 1MiB.",
            "The node prints a line when it is ready. Ctrl-C and SIGTERM end it in order, with exit code 0;",
            "1 means that it could not start, 2 that an option is wrong."
        };
    }

    @Override
    public int run(Map<String, String> flags, Map<String, String> environment, Console console) {
        Map<String, String> given = new LinkedHashMap<>(flags);
        String config = given.remove(CommandLineParser.CONFIG);
        NodeOptions options =
                new OptionReader(providers).read(given, environment, config == null ? null : Path.of(config));
        Logs.configure(options.logging().format(), "info");
        Launch.warn(options);
        Shutdown shutdown = Shutdown.install(options.drainTimeout(), console);
        try {
            Node node = Launch.start(Node.builder().options(options));
            shutdown.running(node::close);
            Launch.listening(node, console);
            node.whenReady().onSuccess(ready -> console.line(readyLine(node)));
            return ExitCode.RUNNING;
        } catch (CompletionException failure) {
            shutdown.failed();
            return Launch.failed(failure, console);
        } catch (IllegalArgumentException invalid) {
            shutdown.failed();
            throw invalid;
        }
    }

    private String readyLine(Node node) {
        NodeOptions.Cluster cluster = node.options().cluster();
        boolean alone = !providers.get(cluster.registry()).clustered();
        return "Node " + node.id() + " is ready: http://" + Launch.authority(node) + ", registry " + cluster.registry()
                + (alone ? ", alone" : ", cluster " + cluster.namespace());
    }
}
