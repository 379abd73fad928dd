package dev.muster.node.config;

import dev.muster.node.config.NodeOptions.Cluster;
import dev.muster.node.config.NodeOptions.Http;
import dev.muster.node.config.NodeOptions.Logging;
import dev.muster.node.config.NodeOptions.Packets;
import dev.muster.node.config.NodeOptions.Resume;
import dev.muster.node.config.NodeOptions.Rooms;
import dev.muster.node.config.NodeOptions.Sockets;
import dev.muster.node.config.NodeOptions.Spaces;
import dev.muster.node.config.Option.Topic;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.RegistryTimings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All options there are: the node's own, and those of the registries that are on the class path. */
final class OptionTable {

    private static final GroupPolicy POLICY = Rooms.DEFAULT.policy();
    private static final RegistryTimings TIMINGS = RegistryTimings.DEFAULT;

    static final Option<String> NODE_ID = new Option<>(
                    "node-id",
                    Topic.NODE,
                    Form.name(),
                    null,
                    "Name of this node, unique in its cluster; made from host name and port if not given.")
            .or("INSTANCE_ID");
    static final Option<String> HOST = new Option<>(
            "host",
            Topic.NODE,
            Form.host(),
            Http.DEFAULT.host(),
            "Address to listen on; localhost is 127.0.0.1 and, where the machine has it, ::1.");
    static final Option<Integer> PORT = new Option<>(
                    "port",
                    Topic.NODE,
                    Form.integer(Http.PORT),
                    Integer.toString(Http.DEFAULT.port()),
                    "Port of HTTP and WebSocket; 0 takes any that is free.")
            .or("PORT");
    static final Option<OptionalInt> TCP_PORT = new Option<>(
            "tcp-port",
            Topic.NODE,
            Form.port().reading(Map.of("false", "off")),
            "off",
            "Port of packets over raw TCP, 3030 by custom; 0 takes any that is free. The demo has it on.");
    static final Option<OptionalInt> PACKET_PORT = new Option<>(
            "packet-port",
            Topic.NODE,
            Form.port().reading(Map.of("false", "off")),
            "off",
            "Port where a WebSocket on any path speaks packets; 0 takes any that is free.");
    static final Option<Duration> HEADER_TIMEOUT = new Option<>(
            "header-timeout",
            Topic.NODE,
            Form.duration(Http.HEADER_TIMEOUT),
            Durations.show(Http.DEFAULT.headerTimeout()),
            "A connection whose request takes longer to come is cut.");
    static final Option<Set<String>> TRUSTED_PROXIES = new Option<>(
            "trusted-proxies",
            Topic.ACCESS,
            Form.set(
                    "<address,...>",
                    "addresses or networks such as 10.0.0.0/8, several with commas between them",
                    Networks::parse),
            null,
            "Proxies whose X-Forwarded headers count.");
    static final Option<Duration> DRAIN_TIMEOUT = new Option<>(
            "drain-timeout",
            Topic.NODE,
            Form.duration(NodeOptions.DRAIN_TIMEOUT),
            Durations.show(NodeOptions.DEFAULT_DRAIN_TIMEOUT),
            "Longest time an orderly stop may take.");
    static final Option<Integer> EVENT_LOOPS = new Option<>(
            "event-loops",
            Topic.NODE,
            Form.integer(NodeOptions.EVENT_LOOPS),
            null,
            "Threads that serve the sockets; half of the processors if not given.");
    static final Option<Boolean> LOG_BROADCASTS = new Option<>(
            "log-broadcasts",
            Topic.NODE,
            Form.toggle(),
            Boolean.toString(Logging.DEFAULT.broadcasts()),
            "Log each message that this node accepts, at most ten lines a second; the demo does.");
    static final Option<Logging.Format> LOG_FORMAT = new Option<>(
            "log-format",
            Topic.NODE,
            Form.choice(Logging.Format.class),
            "text",
            "How log lines are written, for people or one JSON object each; they go to standard error.");

    static final Option<String> CLUSTER = new Option<>(
            "cluster",
            Topic.CLUSTER,
            Form.name(),
            Cluster.DEFAULT_NAMESPACE,
            "Nodes of one name on one backend form one cluster; others never see them.");
    static final Option<Duration> LEASE = new Option<>(
            "lease",
            Topic.CLUSTER,
            Form.duration(Cluster.LEASE),
            Durations.show(TIMINGS.lease()),
            "How long a node that died without a word still counts; the same on all nodes.");
    static final Option<Duration> OPERATION_TIMEOUT = new Option<>(
            "operation-timeout",
            Topic.CLUSTER,
            Form.duration(Cluster.OPERATION_TIMEOUT),
            Durations.show(TIMINGS.operationTimeout()),
            "Longest time to wait for the registry; shorter than the lease.");
    static final Option<Duration> IDLE_GROUP = new Option<>(
            "idle-group",
            Topic.CLUSTER,
            Form.duration(Cluster.IDLE_GROUP),
            Durations.show(TIMINGS.idleGroup()),
            "How long the registry remembers an empty room.");
    static final Option<Duration> DEDUPE_WINDOW = new Option<>(
            "dedupe-window",
            Topic.CLUSTER,
            Form.duration(Cluster.DEDUPE_WINDOW),
            Durations.show(TIMINGS.dedupe()),
            "How long the registry remembers the id of a message, to refuse it a second time.");

    static final Option<Duration> PING_INTERVAL = new Option<>(
            "ping-interval",
            Topic.SOCKETS,
            Form.duration(Sockets.PING_INTERVAL),
            Durations.show(Sockets.DEFAULT.pingInterval()),
            "How often a WebSocket is pinged.");
    static final Option<Duration> PING_TIMEOUT = new Option<>(
            "ping-timeout",
            Topic.SOCKETS,
            Form.duration(Sockets.PING_TIMEOUT),
            Durations.show(Sockets.DEFAULT.pingTimeout()),
            "A WebSocket that sends no frame for so long is closed with 4004; longer than the interval.");
    static final Option<ByteSize> MAX_MESSAGE = new Option<>(
            "max-message",
            Topic.SOCKETS,
            Form.size(Sockets.MAX_MESSAGE),
            new ByteSize(Sockets.DEFAULT.maxMessageBytes()).toString(),
            "Longest message of a WebSocket; a longer one closes it with 1009.");
    static final Option<ByteSize> OUTBOX = new Option<>(
            "outbox",
            Topic.SOCKETS,
            Form.size(Sockets.OUTBOX),
            new ByteSize(Sockets.DEFAULT.outboxBytes()).toString(),
            "Bytes that may wait for a slow client; over it the client is closed with 4002.");
    static final Option<Duration> TCP_IDLE = new Option<>(
            "tcp-idle",
            Topic.SOCKETS,
            Form.duration(Packets.TCP_IDLE),
            Durations.show(Packets.DEFAULT.tcpIdle()),
            "A raw TCP connection that sends nothing for so long is closed; 0s for never.");
    static final Option<Integer> OUTBOX_MESSAGES = new Option<>(
            "outbox-messages",
            Topic.SOCKETS,
            Form.integer(Sockets.OUTBOX_MESSAGES),
            Integer.toString(Sockets.DEFAULT.outboxMessages()),
            "Messages that may wait for a slow client; over it the client is closed with 4002.");

    static final Option<Integer> HISTORY_MESSAGES = new Option<>(
            "history-messages",
            Topic.ROOMS,
            Form.integer(Rooms.HISTORY_MESSAGES),
            Integer.toString(POLICY.historyCount()),
            "Newest messages a room keeps.");
    static final Option<Duration> HISTORY_AGE = new Option<>(
            "history-age",
            Topic.ROOMS,
            Form.duration(Rooms.HISTORY_AGE),
            Durations.show(POLICY.historyAge()),
            "How long a room keeps a message.");
    static final Option<ByteSize> HISTORY_BYTES = new Option<>(
            "history-bytes",
            Topic.ROOMS,
            Form.size(Rooms.HISTORY_BYTES),
            new ByteSize(POLICY.historyBytes()).toString(),
            "How many bytes of messages a room keeps.");
    static final Option<Presence> PRESENCE = new Option<>(
            "presence",
            Topic.ROOMS,
            Form.choice(Presence.class).reading(Map.of("false", "off")),
            "events",
            "Whether a room tells of joins and leaves.");

    static final Option<String> PACKET_ROOM = new Option<>(
            "packet-room",
            Topic.ROOMS,
            Form.room(),
            Packets.DEFAULT.room(),
            "The room of packet connections, which have no way to name one.");
    static final Option<Duration> RESUME_TTL = new Option<>(
            "resume-ttl",
            Topic.ROOMS,
            Form.duration(Resume.TTL),
            Durations.show(Resume.DEFAULT.ttl()),
            "How long a client with ack=true may come back for its session.");
    static final Option<Integer> RESUME_MESSAGES = new Option<>(
            "resume-messages",
            Topic.ROOMS,
            Form.integer(Resume.MESSAGES),
            Integer.toString(Resume.DEFAULT.messages()),
            "Newest messages every room keeps for sessions, beside its history; the same on all nodes.");
    static final Option<ByteSize> RESUME_BYTES = new Option<>(
            "resume-bytes",
            Topic.ROOMS,
            Form.size(Resume.BYTES),
            new ByteSize(Resume.DEFAULT.bytes()).toString(),
            "How many bytes of messages every room keeps for sessions; the same on all nodes.");

    static final Option<Set<String>> SPACES = new Option<>(
            "spaces",
            Topic.SPACES,
            Form.set(
                    "<name,...>",
                    "names of 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, several with commas between them",
                    Spaces::name),
            null,
            "Spaces besides \"world\", or besides those that an application declares; the same on all nodes.");
    static final Option<Integer> SPACE_ENTITIES = new Option<>(
            "space-entities",
            Topic.SPACES,
            Form.integer(Spaces.ENTITIES),
            Integer.toString(Spaces.DEFAULT.entities()),
            "Most entities in a space; beyond it this node spawns none.");
    static final Option<ByteSize> SPACE_SIZE = new Option<>(
            "space-size",
            Topic.SPACES,
            Form.size(Spaces.SIZE),
            new ByteSize(Spaces.DEFAULT.bytes()).toString(),
            "Most bytes that the components of a space have together; beyond it this node sets none.");
    static final Option<ByteSize> COMPONENT_SIZE = new Option<>(
            "component-size",
            Topic.SPACES,
            Form.size(Spaces.COMPONENT),
            new ByteSize(Spaces.DEFAULT.componentBytes()).toString(),
            "Most bytes of one component.");
    static final Option<Duration> REPLICA_LINGER = new Option<>(
            "replica-linger",
            Topic.SPACES,
            Form.duration(Spaces.LINGER),
            Durations.show(Spaces.DEFAULT.linger()),
            "How long a node keeps its copy of a space that nobody there uses any more.");

    static final Option<Map<String, String>> ROOM_SPACE = new Option<>(
            "room-space",
            Topic.SPACES,
            RoomSpaces.form(),
            null,
            "Relay rooms whose protobuf members change a space; the first that fits counts, the same on all nodes.");

    /** What a file may say of the rooms of one name pattern. */
    static final List<Option<?>> ROOM_OPTIONS = List.of(HISTORY_MESSAGES, HISTORY_AGE, HISTORY_BYTES, PRESENCE);

    private static final List<Option<?>> OWN = List.of(
            NODE_ID,
            HOST,
            PORT,
            TCP_PORT,
            PACKET_PORT,
            HEADER_TIMEOUT,
            DRAIN_TIMEOUT,
            EVENT_LOOPS,
            LOG_BROADCASTS,
            LOG_FORMAT,
            CLUSTER,
            LEASE,
            OPERATION_TIMEOUT,
            IDLE_GROUP,
            DEDUPE_WINDOW,
            PING_INTERVAL,
            PING_TIMEOUT,
            MAX_MESSAGE,
            OUTBOX,
            OUTBOX_MESSAGES,
            TCP_IDLE,
            HISTORY_MESSAGES,
            HISTORY_AGE,
            HISTORY_BYTES,
            PRESENCE,
            RESUME_TTL,
            RESUME_MESSAGES,
            RESUME_BYTES,
            PACKET_ROOM,
            SPACES,
            SPACE_ENTITIES,
            SPACE_SIZE,
            COMPONENT_SIZE,
            REPLICA_LINGER,
            ROOM_SPACE);

    private final Option<String> registry;
    private final Map<String, Option<?>> byName = new LinkedHashMap<>();

    OptionTable(RegistryProviders providers) {
        registry = new Option<>(
                "registry",
                Topic.CLUSTER,
                Form.choice(providers.names()),
                null,
                "What connects the nodes; redis if a Redis server is named, else hazelcast.");
        List<Option<?>> all = new ArrayList<>(OWN);
        all.add(all.indexOf(CLUSTER), registry);
        all.addAll(all.indexOf(HISTORY_MESSAGES), AccessTable.ALL);
        for (RegistryProvider provider : providers.all()) {
            provider.options().forEach(option -> all.add(own(option)));
        }
        for (Option<?> option : all) {
            if (byName.put(option.name(), option) != null) {
                throw new IllegalStateException("two options are called " + option.name());
            }
        }
    }

    /** A registry's option: its value is the registry's to judge. */
    private static Option<String> own(RegistryOption option) {
        return new Option<>(
                option.name(),
                Topic.REGISTRY,
                Form.text(option.placeholder()),
                option.defaultValue(),
                option.description(),
                option.environment(),
                option.secret());
    }

    Option<String> registry() {
        return registry;
    }

    /** All, in the order of the help. */
    List<Option<?>> all() {
        return List.copyOf(byName.values());
    }

    @Nullable
    Option<?> find(String name) {
        return byName.get(name);
    }
}
