package dev.muster.node.config;

import dev.muster.node.config.NodeOptions.Cluster;
import dev.muster.node.config.NodeOptions.Http;
import dev.muster.node.config.NodeOptions.Logging;
import dev.muster.node.config.NodeOptions.Packets;
import dev.muster.node.config.NodeOptions.Rooms;
import dev.muster.node.config.NodeOptions.Sockets;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.RegistryTimings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes {@link NodeOptions} of what was given: a flag before the environment before a file before the default. */
public final class OptionReader {

    private static final String CONFIG_VARIABLE = "MUSTER_CONFIG";

    /** Of the run script, which is done with it before we start. */
    private static final String SCRIPT_VARIABLE = "MUSTER_JAVA_OPTS";

    /** Scripts that start nodes keep the flags they pass on in it, and we inherit it. */
    private static final String WRAPPER_VARIABLE = "MUSTER_FLAGS";

    /** Kubernetes tells every container of a service called muster, in variables that look like ours. */
    private static final Pattern SERVICE_LINK = Pattern.compile("MUSTER_(.*_)?(SERVICE_(HOST|PORT.*)|PORT_\\d.*)");

    private static final Pattern SERVICE_LINK_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private final RegistryProviders providers;
    private final OptionTable table;

    private final Map<String, String> fallbacks;

    public OptionReader(RegistryProviders providers) {
        this(providers, Map.of());
    }

    /**
     * @param fallbacks values by option, in place of the defaults
     */
    public OptionReader(RegistryProviders providers, Map<String, String> fallbacks) {
        this.providers = providers;
        this.table = new OptionTable(providers);
        this.fallbacks = Map.copyOf(fallbacks);
    }

    /**
     * Reads what a command was given.
     *
     * @param flags values by option
     * @param environment the process's
     * @param config a YAML file, or null; then the environment may name one
     * @throws InvalidOption if an option is unknown, has a bad value, or two do not go together
     */
    public NodeOptions read(Map<String, String> flags, Map<String, String> environment, @Nullable Path config) {
        try {
            return readAll(flags, environment, config);
        } catch (InvalidOption invalid) {
            // One that nobody gave: the flag is how to give it.
            throw invalid.calling("--" + invalid.option());
        }
    }

    private NodeOptions readAll(Map<String, String> flags, Map<String, String> environment, @Nullable Path config) {
        Map<String, Given> given = new HashMap<>();
        fallbacks.forEach((name, text) -> put(given, name, text, "--" + name));
        Map<String, Map<String, String>> rooms = Map.of();
        String named = environment.getOrDefault(CONFIG_VARIABLE, "");
        if (config != null || !named.isEmpty()) {
            ConfigFile file = ConfigFile.read(config != null ? config : Path.of(named));
            file.values().forEach((name, text) -> put(given, name, text, name + " in " + file.name()));
            rooms = file.rooms();
        }
        addEnvironment(given, environment);
        flags.forEach((name, text) -> put(given, name, text, "--" + name));
        return read(given, rooms);
    }

    /** Reads what a library's user gave, see {@link NodeOptions#of}. */
    NodeOptions read(Map<String, String> values) {
        Map<String, Given> given = new HashMap<>();
        values.forEach((name, text) -> put(given, name, text, name));
        return read(given, Map.of());
    }

    private void put(Map<String, Given> given, String name, String text, String label) {
        if (table.find(name) == null) {
            throw unknown(label, name, names());
        }
        given.put(name, new Given(text, label, true));
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        table.all().forEach(option -> names.add(option.name()));
        return names;
    }

    private static InvalidOption unknown(String label, String name, Set<String> known) {
        String question = Spelling.question(name, known);
        return new InvalidOption(name, "is not an option" + question).calling(label);
    }

    // ---- environment ----

    private void addEnvironment(Map<String, Given> given, Map<String, String> environment) {
        Set<String> known = new TreeSet<>(Set.of(CONFIG_VARIABLE, SCRIPT_VARIABLE, WRAPPER_VARIABLE));
        for (Option<?> option : table.all()) {
            known.add(option.variable());
            String foreign = option.environment();
            if (foreign != null) {
                take(given, option, foreign, environment);
            }
            take(given, option, option.variable(), environment);
        }
        environment.forEach((variable, text) -> {
            if (variable.startsWith("MUSTER_") && !known.contains(variable) && !isServiceLink(variable, text)) {
                throw unknown(variable, variable, known);
            }
        });
    }

    private static void take(
            Map<String, Given> given, Option<?> option, String variable, Map<String, String> environment) {
        String text = environment.getOrDefault(variable, "");
        if (!text.isEmpty() && !isServiceLink(variable, text)) {
            given.put(option.name(), new Given(text, variable, false));
        }
    }

    private static boolean isServiceLink(String variable, String text) {
        return SERVICE_LINK.matcher(variable).matches()
                || variable.endsWith("_PORT")
                        && SERVICE_LINK_ADDRESS.matcher(text).matches();
    }

    // ---- values ----

    private NodeOptions read(Map<String, Given> given, Map<String, Map<String, String>> rooms) {
        Values values = new Values(given);
        try {
            Http http = new Http(
                    values.of(OptionTable.HOST, Http.DEFAULT.host()),
                    values.of(OptionTable.PORT, Http.DEFAULT.port()),
                    values.of(OptionTable.HEADER_TIMEOUT, Http.DEFAULT.headerTimeout()),
                    values.of(OptionTable.TRUSTED_PROXIES, Http.DEFAULT.trustedProxies()));
            return new NodeOptions(
                    values.of(OptionTable.NODE_ID, NodeNames.fresh(http.port())),
                    http,
                    cluster(values),
                    sockets(values),
                    packets(values),
                    AccessTable.read(values),
                    rooms(values, rooms),
                    spaces(values),
                    new Logging(
                            values.of(OptionTable.LOG_BROADCASTS, Logging.DEFAULT.broadcasts()),
                            values.of(OptionTable.LOG_FORMAT, Logging.DEFAULT.format())),
                    values.of(OptionTable.DRAIN_TIMEOUT, NodeOptions.DEFAULT_DRAIN_TIMEOUT),
                    values.of(OptionTable.EVENT_LOOPS, NodeOptions.DEFAULT_EVENT_LOOPS));
        } catch (InvalidOption invalid) {
            Given source = given.get(invalid.option());
            throw source == null ? invalid : invalid.calling(source.label());
        }
    }

    private Cluster cluster(Values values) {
        String fallback = values.has("redis") ? "redis" : "hazelcast";
        RegistryProvider provider = providers.get(values.of(table.registry(), fallback));
        Map<String, String> own = new LinkedHashMap<>();
        for (RegistryOption option : provider.options()) {
            Given text = values.given().get(option.name());
            if (text != null) {
                own.put(option.name(), text.text());
            }
        }
        values.given().forEach((name, text) -> refuseForeign(provider, name, text));
        RegistryTimings defaults = RegistryTimings.DEFAULT;
        RegistryTimings timings = defaults.withLease(values.of(OptionTable.LEASE, defaults.lease()))
                .withOperationTimeout(values.of(OptionTable.OPERATION_TIMEOUT, defaults.operationTimeout()))
                .withIdleGroup(values.of(OptionTable.IDLE_GROUP, defaults.idleGroup()))
                .withDedupe(values.of(OptionTable.DEDUPE_WINDOW, defaults.dedupe()));
        return new Cluster(provider.name(), values.of(OptionTable.CLUSTER, Cluster.DEFAULT_NAMESPACE), timings, own);
    }

    /** Another registry's option: found in the environment it means nothing, said to this node it is a mistake. */
    private void refuseForeign(RegistryProvider chosen, String name, Given text) {
        if (!text.deliberate()) {
            return;
        }
        providers.owner(name).filter(owner -> owner != chosen).ifPresent(owner -> {
            throw new InvalidOption(
                    name, "is for --registry " + owner.name() + ", but the registry is " + chosen.name());
        });
    }

    private static Sockets sockets(Values values) {
        Sockets defaults = Sockets.DEFAULT;
        return new Sockets(
                values.of(OptionTable.PING_INTERVAL, defaults.pingInterval()),
                values.of(OptionTable.PING_TIMEOUT, defaults.pingTimeout()),
                values.bytes(OptionTable.MAX_MESSAGE, defaults.maxMessageBytes()),
                values.bytes(OptionTable.OUTBOX, defaults.outboxBytes()),
                values.of(OptionTable.OUTBOX_MESSAGES, defaults.outboxMessages()));
    }

    private static Packets packets(Values values) {
        Packets defaults = Packets.DEFAULT;
        return new Packets(
                values.of(OptionTable.TCP_PORT, defaults.tcpPort()),
                values.of(OptionTable.PACKET_PORT, defaults.webSocketPort()),
                values.of(OptionTable.TCP_IDLE, defaults.tcpIdle()),
                values.of(OptionTable.PACKET_ROOM, defaults.room()));
    }

    private static NodeOptions.Spaces spaces(Values values) {
        NodeOptions.Spaces defaults = NodeOptions.Spaces.DEFAULT;
        return new NodeOptions.Spaces(
                values.of(OptionTable.SPACES, defaults.further()),
                values.of(OptionTable.SPACE_ENTITIES, defaults.entities()),
                values.bytes(OptionTable.SPACE_SIZE, defaults.bytes()),
                values.bytes(OptionTable.COMPONENT_SIZE, defaults.componentBytes()),
                values.of(OptionTable.REPLICA_LINGER, defaults.linger()));
    }

    private static Rooms rooms(Values values, Map<String, Map<String, String>> byPattern) {
        GroupPolicy policy = policy(values, Rooms.DEFAULT.policy());
        Set<String> known = new TreeSet<>();
        OptionTable.ROOM_OPTIONS.forEach(option -> known.add(option.name()));
        Map<String, GroupPolicy> policies = new LinkedHashMap<>();
        byPattern.forEach((pattern, own) -> {
            Map<String, Given> given = new HashMap<>();
            own.forEach((name, text) -> {
                String label = name + " of the rooms \"" + Form.shown(pattern) + '"';
                if (!known.contains(name)) {
                    throw unknown(label, name, known);
                }
                given.put(name, new Given(text, label, true));
            });
            try {
                policies.put(pattern, policy(new Values(given), policy));
            } catch (InvalidOption invalid) {
                throw invalid.calling(invalid.option() + " of the rooms \"" + Form.shown(pattern) + '"');
            }
        });
        return new Rooms(policy, policies, resume(values), values.of(OptionTable.ROOM_SPACE, Map.of()));
    }

    private static NodeOptions.Resume resume(Values values) {
        NodeOptions.Resume defaults = NodeOptions.Resume.DEFAULT;
        return new NodeOptions.Resume(
                values.of(OptionTable.RESUME_TTL, defaults.ttl()),
                values.of(OptionTable.RESUME_MESSAGES, defaults.messages()),
                values.bytes(OptionTable.RESUME_BYTES, (int) defaults.bytes()));
    }

    private static GroupPolicy policy(Values values, GroupPolicy defaults) {
        return new GroupPolicy(
                values.of(OptionTable.HISTORY_MESSAGES, defaults.historyCount()),
                values.of(OptionTable.HISTORY_AGE, defaults.historyAge()),
                values.bytes(OptionTable.HISTORY_BYTES, (int) defaults.historyBytes()),
                values.of(OptionTable.PRESENCE, defaults.presence()));
    }

    /** What may be given, in the order of the help. */
    public List<OptionDescription> describe() {
        return table.all().stream().map(OptionDescription::of).toList();
    }

    /** What was given, by option. */
    record Values(Map<String, Given> given) {

        boolean has(String name) {
            return given.containsKey(name);
        }

        <T> T of(Option<T> option, T fallback) {
            Given text = given.get(option.name());
            return text == null ? fallback : option.read(text.text());
        }

        int bytes(Option<ByteSize> option, int fallback) {
            return Math.toIntExact(of(option, new ByteSize(fallback)).bytes());
        }
    }
}
