package dev.muster.node.config;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.RegistryTimings;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everything a node is told before it starts. The defaults of all options are the {@code DEFAULT}s here; the
 * constructors throw {@link InvalidOption} for a value out of its range and for two that do not go together.
 *
 * @param nodeId the name of this node, unique among the live nodes of its cluster
 * @param http where it listens
 * @param cluster which registry connects it to the others
 * @param sockets how it treats a client's socket
 * @param packets who comes over raw TCP, and where packets go
 * @param access who may come in
 * @param rooms what rooms keep
 * @param spaces which there are beside the declared ones, and what they may take
 * @param logging what it writes down
 * @param drainTimeout how long an orderly stop may take
 * @param eventLoops threads that serve the sockets; without effect on a Vert.x that is given
 */
public record NodeOptions(
        String nodeId,
        Http http,
        Cluster cluster,
        Sockets sockets,
        Packets packets,
        Access access,
        Rooms rooms,
        Spaces spaces,
        Logging logging,
        Duration drainTimeout,
        int eventLoops) {

    /**
     * Half of the processors: what a loop's sockets cost the kernel, the collector and a neighbour such as Redis or a
     * proxy need the rest, and a message that stays on one loop costs a third less than one that changes it.
     */
    static final int DEFAULT_EVENT_LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    static final Range<Integer> EVENT_LOOPS = new Range<>("event-loops", 1, 256);
    static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(20);
    static final Range<Duration> DRAIN_TIMEOUT =
            new Range<>("drain-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10));

    public NodeOptions {
        if (!NodeId.isName(nodeId)) {
            throw new InvalidOption(
                    "node-id", "must be " + Form.name().allowed() + ", but is \"" + Form.shown(nodeId) + '"');
        }
        DRAIN_TIMEOUT.check(drainTimeout);
        EVENT_LOOPS.check(eventLoops);
        if (access.auth() == Access.Auth.DEV && !access.insecure()) {
            checkLoopback("host", http.host());
            checkLoopback("ops-host", access.ops().host());
        }
    }

    private static void checkLoopback(String option, String host) {
        if (!Http.isLoopback(host)) {
            throw new InvalidOption(
                    option,
                    "must be a loopback address with --auth dev, which lets everybody in, but is \"" + host
                            + "\"; to open the node to the network all the same, give --insecure");
        }
    }

    /** All defaults, with a new node id. */
    public static NodeOptions defaults() {
        return of(Map.of());
    }

    /**
     * The options given in {@code values}, by their names as in a configuration file, and the defaults for the rest.
     *
     * @throws InvalidOption if one is unknown, has a bad value, or two do not go together
     */
    public static NodeOptions of(Map<String, String> values) {
        return new OptionReader(RegistryProviders.load()).read(values);
    }

    /**
     * Where the node listens.
     *
     * @param host an address or a name; {@code localhost} is 127.0.0.1 and, where the machine has it, ::1
     * @param port of HTTP and WebSocket; 0 for any that is free
     * @param headerTimeout a connection whose request's headers take longer is cut
     * @param trustedProxies addresses and networks ({@code 10.0.0.0/8}) whose {@code X-Forwarded-} headers count
     */
    public record Http(String host, int port, Duration headerTimeout, Set<String> trustedProxies) {

        static final Range<Integer> PORT = new Range<>("port", 0, 65_535);
        static final Range<Duration> HEADER_TIMEOUT =
                new Range<>("header-timeout", Duration.ofMillis(100), Duration.ofMinutes(2));

        /** 127.0.0.1 and ::1, port 8080, 10 s for headers, nobody trusted. */
        public static final Http DEFAULT = new Http("localhost", 8080, Duration.ofSeconds(10), Set.of());

        public Http {
            PORT.check(port);
            HEADER_TIMEOUT.check(headerTimeout);
            trustedProxies = Set.copyOf(trustedProxies);
        }

        /** Whether only this machine can come in. */
        public boolean isLoopback() {
            return isLoopback(host);
        }

        /** Whether an address is one that only this machine can reach. */
        public static boolean isLoopback(String host) {
            return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
        }
    }

    /**
     * What connects a node to the others.
     *
     * @param registry a {@link RegistryProvider#name()}
     * @param namespace nodes of one name on one backend are one cluster
     * @param timings the registry's clocks
     * @param options the registry's own, by the names of {@link RegistryProvider#options()}
     */
    public record Cluster(String registry, String namespace, RegistryTimings timings, Map<String, String> options) {

        static final String DEFAULT_NAMESPACE = "muster";

        static final Range<Duration> LEASE = new Range<>("lease", Duration.ofSeconds(1), Duration.ofMinutes(10));
        static final Range<Duration> OPERATION_TIMEOUT =
                new Range<>("operation-timeout", Duration.ofMillis(100), Duration.ofMinutes(1));
        static final Range<Duration> IDLE_GROUP =
                new Range<>("idle-group", Duration.ofMillis(100), Duration.ofHours(24));
        static final Range<Duration> DEDUPE_WINDOW =
                new Range<>("dedupe-window", Duration.ofSeconds(1), Duration.ofHours(24));

        public Cluster {
            LEASE.check(timings.lease());
            OPERATION_TIMEOUT.check(timings.operationTimeout());
            IDLE_GROUP.check(timings.idleGroup());
            DEDUPE_WINDOW.check(timings.dedupe());
            if (timings.operationTimeout().compareTo(timings.lease()) >= 0) {
                throw new InvalidOption(
                        "operation-timeout",
                        "must be shorter than --lease, which is " + Durations.show(timings.lease()) + ", but is "
                                + Durations.show(timings.operationTimeout()));
            }
            options = Map.copyOf(options);
        }
    }

    /**
     * How a client's socket is treated.
     *
     * @param pingInterval how often it is asked whether it is there
     * @param pingTimeout without any frame for so long it is closed with 4004
     * @param maxMessageBytes a longer message closes it with 1009
     * @param outboxBytes over so many bytes not yet written it is closed with 4002
     * @param outboxMessages over so many messages not yet written it is closed with 4002
     */
    public record Sockets(
            Duration pingInterval, Duration pingTimeout, int maxMessageBytes, int outboxBytes, int outboxMessages) {

        static final Range<Duration> PING_INTERVAL =
                new Range<>("ping-interval", Duration.ofMillis(50), Duration.ofHours(1));
        static final Range<Duration> PING_TIMEOUT =
                new Range<>("ping-timeout", Duration.ofMillis(100), Duration.ofHours(2));
        static final Range<ByteSize> MAX_MESSAGE =
                new Range<>("max-message", new ByteSize(1 << 10), new ByteSize(10 << 20));
        static final Range<ByteSize> OUTBOX = new Range<>("outbox", new ByteSize(4 << 10), new ByteSize(1 << 30));
        static final Range<Integer> OUTBOX_MESSAGES = new Range<>("outbox-messages", 1, 1_000_000);

        /** Ping every 25 s, closed after 60 s of silence; messages of 1 MiB; 1 MiB or 1,000 messages waiting. */
        public static final Sockets DEFAULT =
                new Sockets(Duration.ofSeconds(25), Duration.ofSeconds(60), 1 << 20, 1 << 20, 1_000);

        public Sockets {
            PING_INTERVAL.check(pingInterval);
            PING_TIMEOUT.check(pingTimeout);
            MAX_MESSAGE.check(new ByteSize(maxMessageBytes));
            OUTBOX.check(new ByteSize(outboxBytes));
            OUTBOX_MESSAGES.check(outboxMessages);
            if (pingTimeout.compareTo(pingInterval) <= 0) {
                throw new InvalidOption(
                        "ping-timeout",
                        "must be longer than --ping-interval, which is " + Durations.show(pingInterval) + ", but is "
                                + Durations.show(pingTimeout));
            }
            if (outboxBytes < maxMessageBytes) {
                throw new InvalidOption(
                        "outbox",
                        "must hold at least one message of --max-message, which is " + new ByteSize(maxMessageBytes)
                                + ", but is " + new ByteSize(outboxBytes));
            }
        }
    }

    /**
     * Connections that speak packets.
     *
     * @param tcpPort of raw TCP, 0 for any that is free; empty for none
     * @param webSocketPort where a WebSocket on any path speaks packets, 0 for any that is free; empty for none
     * @param tcpIdle without a byte for so long a raw connection is closed; zero for never
     * @param room which room such connections are in
     */
    public record Packets(OptionalInt tcpPort, OptionalInt webSocketPort, Duration tcpIdle, String room) {

        static final Range<Duration> TCP_IDLE = new Range<>("tcp-idle", Duration.ZERO, Duration.ofHours(24));

        /** No ports of their own; in the lobby. */
        public static final Packets DEFAULT =
                new Packets(OptionalInt.empty(), OptionalInt.empty(), Duration.ZERO, "lobby");

        public Packets {
            TCP_IDLE.check(tcpIdle);
            Form.room().read("packet-room", room, false);
        }
    }

    /**
     * Who may come in.
     *
     * @param auth how clients prove who they are
     * @param insecure whether the node may be open to the network although {@code auth} lets everybody in
     * @param allowedOrigins web pages of other hosts that may connect, as {@code scheme://host[:port]} in lower case
     * @param tokens where their keys come from
     * @param ops the port for those who run the node
     * @param limits how much clients may do
     */
    public record Access(
            Auth auth,
            boolean insecure,
            Set<String> allowedOrigins,
            TokenOptions tokens,
            OpsOptions ops,
            LimitOptions limits) {

        /** Everybody, from this machine; no pages of other hosts. */
        public static final Access DEFAULT =
                new Access(Auth.DEV, false, Set.of(), TokenOptions.DEFAULT, OpsOptions.DEFAULT, LimitOptions.DEFAULT);

        /** How clients prove who they are. */
        public enum Auth {
            /** They need not; the demo token is accepted. */
            DEV,
            /** With a JSON Web Token. */
            JWT
        }

        public Access {
            allowedOrigins = Set.copyOf(allowedOrigins);
            allowedOrigins.forEach(Access::origin);
            if (auth == Auth.JWT && !tokens.hasKey()) {
                throw new InvalidOption(
                        "auth", "jwt needs a key: --jwt-secret-file, --jwt-key-file, --jwt-jwks, or JWT_SECRET");
            }
        }

        /** An origin as browsers send it. */
        static String origin(String text) {
            URI uri = URI.create(text);
            boolean bare = uri.getRawPath() == null || uri.getRawPath().isEmpty();
            boolean plain = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
            if (uri.getScheme() == null || uri.getHost() == null || !bare || !plain) {
                throw new InvalidOption(
                        "allow-origin",
                        "must be scheme://host or scheme://host:port, but is \"" + Form.shown(text) + '"');
            }
            return text;
        }
    }

    /**
     * What rooms keep.
     *
     * @param policy of the rooms that no pattern names
     * @param byPattern of others, by a name in which {@code *} stands for anything; the first that fits counts
     * @param resume what is kept for clients that come back for their session
     * @param spaces whose entities they have: spaces by such a pattern; the first that fits counts
     */
    public record Rooms(
            GroupPolicy policy, Map<String, GroupPolicy> byPattern, Resume resume, Map<String, String> spaces) {

        /** {@link GroupPolicy#DEFAULT} for all, and no spaces. */
        public static final Rooms DEFAULT = new Rooms(GroupPolicy.DEFAULT, Map.of(), Resume.DEFAULT, Map.of());

        static final Range<Integer> HISTORY_MESSAGES = new Range<>("history-messages", 0, 10_000);
        static final Range<Duration> HISTORY_AGE = new Range<>("history-age", Duration.ZERO, Duration.ofHours(24));
        static final Range<ByteSize> HISTORY_BYTES =
                new Range<>("history-bytes", new ByteSize(0), new ByteSize(64 << 20));

        public Rooms {
            byPattern = Collections.unmodifiableMap(new LinkedHashMap<>(byPattern));
            spaces = Collections.unmodifiableMap(new LinkedHashMap<>(spaces));
        }
    }

    /**
     * What clients with {@code ?ack=true} can count on when they come back.
     *
     * @param ttl how long after their socket broke
     * @param messages newest messages that every room keeps for them, whatever its history; 0 for no more than that
     * @param bytes how many bytes these may have together
     */
    public record Resume(Duration ttl, int messages, long bytes) {

        static final Range<Duration> TTL = new Range<>("resume-ttl", Duration.ofSeconds(1), Duration.ofMinutes(10));
        static final Range<Integer> MESSAGES = new Range<>("resume-messages", 0, 10_000);
        static final Range<ByteSize> BYTES = new Range<>("resume-bytes", new ByteSize(0), new ByteSize(64 << 20));

        /** 30 s, 10,000 messages, 4 MiB. */
        public static final Resume DEFAULT = new Resume(Duration.ofSeconds(30), 10_000, 4 << 20);

        /** Twice the time to come back: what was not acknowledged at the break is older than the break. */
        private static final int AGE_FACTOR = 2;

        public Resume {
            TTL.check(ttl);
            MESSAGES.check(messages);
            BYTES.check(new ByteSize(bytes));
        }

        /** A policy that keeps what {@code history} does, and what is needed here. */
        public GroupPolicy atLeast(GroupPolicy history) {
            if (messages == 0) {
                return history;
            }
            Duration age = ttl.multipliedBy(AGE_FACTOR);
            return new GroupPolicy(
                    Math.max(history.historyCount(), messages),
                    history.historyAge().compareTo(age) > 0 ? history.historyAge() : age,
                    Math.max(history.historyBytes(), bytes),
                    history.presence());
        }
    }

    /**
     * What spaces there are, and what they may take.
     *
     * @param further those besides what the application declares
     * @param entities most of them in a space
     * @param bytes most that the components of a space have together
     * @param componentBytes most of one component
     * @param linger how long a copy of a space is kept that nobody uses any more
     */
    public record Spaces(Set<String> further, int entities, int bytes, int componentBytes, Duration linger) {

        /** More are taken for a mistake. */
        static final int MOST_FURTHER = 100;

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

        static final Range<Integer> ENTITIES = new Range<>("space-entities", 1, 10_000_000);
        static final Range<ByteSize> SIZE = new Range<>("space-size", new ByteSize(1 << 20), new ByteSize(1 << 30));
        static final Range<ByteSize> COMPONENT =
                new Range<>("component-size", new ByteSize(1 << 10), new ByteSize(1 << 20));
        static final Range<Duration> LINGER =
                new Range<>("replica-linger", Duration.ofMillis(100), Duration.ofHours(24));

        /** None further; 100,000 entities, 256 MiB, 64 KiB each; 30 s. */
        public static final Spaces DEFAULT = new Spaces(Set.of(), 100_000, 256 << 20, 64 << 10, Duration.ofSeconds(30));

        public Spaces {
            further = Collections.unmodifiableSet(new LinkedHashSet<>(further));
            further.forEach(Spaces::name);
            if (further.size() > MOST_FURTHER) {
                throw new InvalidOption(
                        "spaces", "must name at most " + MOST_FURTHER + ", but names " + further.size());
            }
            ENTITIES.check(entities);
            SIZE.check(new ByteSize(bytes));
            COMPONENT.check(new ByteSize(componentBytes));
            LINGER.check(linger);
        }

        /** The name of a space, as it stands in addresses without being encoded. */
        static String name(String text) {
            if (!NAME.matcher(text).matches()) {
                throw new InvalidOption(
                        "spaces",
                        "must name each with 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, but names \""
                                + Form.shown(text) + '"');
            }
            return text;
        }
    }

    /**
     * What a node writes down.
     *
     * @param broadcasts whether two lines for each message it accepts, at most ten a second
     * @param format of all lines; only the command looks at it, a library's log belongs to its application
     */
    public record Logging(boolean broadcasts, Format format) {

        /** No broadcasts, lines for people. */
        public static final Logging DEFAULT = new Logging(false, Format.TEXT);

        /** How lines are written. */
        public enum Format {
            /** For people. */
            TEXT,
            /** One JSON object for each line. */
            JSON
        }
    }
}
