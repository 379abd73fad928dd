package dev.muster.registry.hazelcast;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import dev.muster.registry.RegistryContext;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The configuration of an embedded member. What is not said here is not started. */
final class MemberConfig {

    static final String GROUPS = "groups";
    static final String RECORDS = "records";
    static final String USERS = "users";
    static final String ROSTER = "roster";

    /** Runs frames of links. */
    static final String FRAMES = "frames";

    /** Runs notes. */
    static final String NOTES = "notes";

    private static final String QUORUM = "quorum";

    /** How often members tell each other that they live; the finest that Hazelcast knows. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /**
     * How long an answer waits for the backup to be confirmed. Hazelcast says nothing of a backup that it drops, as it
     * does for a moment when a group's partition goes to another member, and looks each second whether it has waited
     * enough: with that second it is less than the time-out of an operation, with Hazelcast's own 5 s it was not.
     */
    private static final Duration BACKUP = Duration.ofMillis(500);

    /**
     * Java serialization is used by Hazelcast itself for one thing, the exceptions with which one member answers
     * another. These are what such exceptions consist of; any other class is refused.
     */
    private static final String[] SERIALIZED_CLASSES = {
        "java.lang.Throwable",
        "java.lang.Exception",
        "java.lang.RuntimeException",
        "java.lang.Error",
        "java.lang.StackTraceElement",
        "java.lang.IllegalStateException",
        "java.lang.IllegalArgumentException",
        "java.lang.UnsupportedOperationException",
        "java.lang.InterruptedException",
        "java.lang.NullPointerException",
        "java.lang.ClassCastException",
        "java.lang.OutOfMemoryError",
        "java.lang.VirtualMachineError",
        "java.lang.IndexOutOfBoundsException",
        "java.lang.ArrayIndexOutOfBoundsException",
        "java.lang.ClassNotFoundException",
        "java.lang.ReflectiveOperationException",
        "java.lang.SecurityException",
        "java.io.IOException",
        "java.io.EOFException",
        "java.io.UncheckedIOException",
        "java.util.concurrent.CancellationException",
        "java.util.concurrent.ExecutionException",
        "java.util.concurrent.RejectedExecutionException",
        "java.util.concurrent.TimeoutException",
        "java.util.concurrent.CompletionException",
        "[Ljava.lang.StackTraceElement;",
        "[Ljava.lang.Throwable;",
        "java.util.ArrayList",
        "java.util.Collections$EmptyList",
        "java.util.Collections$UnmodifiableList",
        "java.util.Collections$UnmodifiableCollection",
        "java.util.Collections$UnmodifiableRandomAccessList"
    };

    private static final String[] SERIALIZED_PREFIXES = {
        "com.hazelcast.core.",
        "com.hazelcast.spi.exception.",
        "com.hazelcast.splitbrainprotection.",
        "com.hazelcast.transaction.TransactionException",
        "com.hazelcast.partition.",
        "com.hazelcast.nio.serialization.",
        "com.hazelcast.cluster.",
        "com.hazelcast.internal.cluster.impl.",
        "com.hazelcast.map.ReachedMaxSizeException",
        "com.hazelcast.memory.NativeOutOfMemoryError",
        "com.hazelcast.internal.partition.PartitionStateVersionMismatchException",
        "com.hazelcast.config.ConfigMismatchException"
    };

    private MemberConfig() {}

    /**
     * How long a member may be silent before the others drop it: within the lease, so that a frozen node is gone when
     * its lease is (R20).
     */
    static Duration longestSilence(RegistryContext context) {
        long seconds = context.timings().lease().toMillis() * 8 / 10_000;
        return Duration.ofSeconds(Math.max(2 * HEARTBEAT.toSeconds(), seconds));
    }

    static Config of(RegistryContext context, HazelcastOptions options, OwnerSide side) {
        Config config = new Config();
        config.setClusterName("muster-" + context.namespace());
        config.setInstanceName("muster-" + context.namespace() + "-" + context.nodeName() + "-"
                + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36));
        config.setClassLoader(MemberConfig.class.getClassLoader());
        side.registerIn(config.getUserContext());
        network(config, options);
        switchOff(config);
        timing(config, longestSilence(context));
        serialization(config);
        for (String map : new String[] {GROUPS, RECORDS, USERS, ROSTER}) {
            config.addMapConfig(map(map, options));
        }
        config.addExecutorConfig(new ExecutorConfig(FRAMES, 4).setStatisticsEnabled(false));
        config.addExecutorConfig(new ExecutorConfig(NOTES, 2).setStatisticsEnabled(false));
        if (options.quorum() > 1) {
            config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig(QUORUM, true, options.quorum())
                    .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
        }
        return config;
    }

    /** One socket, for members only: clients, REST and memcache have none. No discovery but the named addresses. */
    private static void network(Config config, HazelcastOptions options) {
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
        network.setEnabled(true);
        network.getEndpointConfigs().remove(EndpointQualifier.CLIENT);
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig()
                .setPort(options.port())
                .setPortAutoIncrement(true)
                .setPortCount(HazelcastOptions.PORTS);
        endpoint.getInterfaces().setEnabled(true).addInterface(options.bind());
        network.setMemberEndpointConfig(endpoint);
        JoinConfig join = network.getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        TcpIpConfig tcp = join.getTcpIpConfig().setEnabled(true);
        options.seeds().forEach(tcp::addMember);
        property(config, "hazelcast.socket.server.bind.any", "false");
        property(config, "hazelcast.socket.client.bind.any", "false");
        property(config, "hazelcast.socket.connect.timeout.seconds", "2");
    }

    private static void switchOff(Config config) {
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getManagementCenterConfig().setScriptingEnabled(false).setConsoleEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        property(config, "hazelcast.phone.home.enabled", "false");
        property(config, "hazelcast.shutdownhook.enabled", "false");
        property(config, "hazelcast.logging.type", "slf4j");
        property(config, "hazelcast.logging.emoji.enabled", "false");
        property(config, "hazelcast.member.naming.moby.enabled", "false");
        property(config, "hazelcast.health.monitoring.level", "OFF");
        // One event or task at a time is all that happens there.
        property(config, "hazelcast.event.thread.count", "1");
        property(config, "hazelcast.io.input.thread.count", "1");
        property(config, "hazelcast.io.output.thread.count", "1");
    }

    private static void timing(Config config, Duration longestSilence) {
        property(config, "hazelcast.heartbeat.interval.seconds", Long.toString(HEARTBEAT.toSeconds()));
        property(config, "hazelcast.max.no.heartbeat.seconds", Long.toString(longestSilence.toSeconds()));
        property(config, "hazelcast.operation.call.timeout.millis", "5000");
        property(config, "hazelcast.operation.backup.timeout.millis", Long.toString(BACKUP.toMillis()));
        property(config, "hazelcast.invocation.retry.pause.millis", "100");
        property(config, "hazelcast.wait.seconds.before.join", "0");
        // Until members that start together agree on a master; less than a start may take in all.
        property(config, "hazelcast.max.join.seconds", "50");
        property(config, "hazelcast.merge.first.run.delay.seconds", "5");
        property(config, "hazelcast.merge.next.run.delay.seconds", "5");
        property(config, "hazelcast.graceful.shutdown.max.wait", "10");
    }

    private static void serialization(Config config) {
        config.getSerializationConfig()
                .addDataSerializableFactory(Serials.FACTORY, new Serials())
                .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig()
                        .setDefaultsDisabled(true)
                        .setWhitelist(
                                new ClassFilter().addClasses(SERIALIZED_CLASSES).addPrefixes(SERIALIZED_PREFIXES)));
    }

    /** One backup, made before an operation is answered; the losing side of a merge is thrown away. */
    private static MapConfig map(String name, HazelcastOptions options) {
        MapConfig map = new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setBackupCount(1)
                .setAsyncBackupCount(0)
                .setStatisticsEnabled(false)
                .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), 100));
        if (options.quorum() > 1) {
            map.setSplitBrainProtectionName(QUORUM);
        }
        return map;
    }

    /** A system property of the same name is stronger: tests use fewer partitions. */
    private static void property(Config config, String name, String value) {
        config.setProperty(name, System.getProperty(name, value));
    }
}
