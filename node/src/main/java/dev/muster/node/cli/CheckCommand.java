package dev.muster.node.cli;

import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.NodeOptions;
import dev.muster.node.config.OptionReader;
import dev.muster.node.config.RegistryProviders;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryProvider;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** {@code muster check}: tries the configured registry and says in one line what works and what does not. */
final class CheckCommand implements Subcommand {

    private final RegistryProviders providers;

    CheckCommand(RegistryProviders providers) {
        this.providers = providers;
    }

    @Override
    public String name() {
        return "check";
    }

    @Override
    public String summary() {
        return "Try the configured registry, and say what works and what does not.";
    }

    @Override
    public String[] details() {
        return new String[] {
            "",
            "Joins the cluster as a node of its own, says something in a room of its own, waits until it comes back,",
            "and leaves. Takes the options of muster node. Exit code 0 if all of it worked, 1 if not."
        };
    }

    @Override
    public Set<String> without() {
        return Set.of(
                "Sockets", "Access", "Rooms", "host", "port", "header-timeout", "log-broadcasts", "drain-timeout");
    }

    @Override
    public int run(Map<String, String> flags, Map<String, String> environment, Console console) {
        Map<String, String> given = new LinkedHashMap<>(flags);
        String config = given.remove(CommandLineParser.CONFIG);
        // Never the name of the node that these options are for: it may be running.
        given.put("node-id", "check-" + Long.toHexString(System.nanoTime()));
        NodeOptions options =
                new OptionReader(providers).read(given, environment, config == null ? null : Path.of(config));
        Logs.configure(options.logging().format(), "error");
        RegistryProvider provider = providers.get(options.cluster().registry());
        Vertx vertx = Vertx.vertx();
        try {
            ConnectionRegistry registry = create(provider, vertx, options);
            RegistryTrial trial = new RegistryTrial(registry, options);
            boolean works = trial.run();
            console.line(provider.name() + ": " + trial.outcome());
            return works ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            vertx.close();
        }
    }

    private static ConnectionRegistry create(RegistryProvider provider, Vertx vertx, NodeOptions options) {
        try {
            return provider.create(RegistryContext.of(
                            vertx,
                            options.cluster().namespace(),
                            options.nodeId(),
                            options.cluster().options())
                    .withTimings(options.cluster().timings()));
        } catch (IllegalArgumentException invalid) {
            throw InvalidOption.of(invalid);
        }
    }
}
