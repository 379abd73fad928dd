package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.PartitionMigratingException;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import com.hazelcast.spi.exception.WrongTargetException;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The embedded member as others meet it: whom it finds, whom it lets in, what it refuses. */
class MemberTest {

    private final Vertx vertx = Vertx.vertx();
    private final String namespace = "member-" + Long.toString(System.nanoTime(), 36);
    private final List<ConnectionRegistry> registries = new ArrayList<>();

    private ConnectionRegistry registry(String name, Map<String, String> options) {
        ConnectionRegistry registry =
                new HazelcastRegistryProvider().create(RegistryContext.of(vertx, namespace, name, options));
        registries.add(registry);
        return registry;
    }

    private static Future<Void> start(ConnectionRegistry registry) {
        return registry.start(new Listening());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static Map<String, String> port(int port) {
        return Map.of("hazelcast-port", Integer.toString(port));
    }

    @AfterEach
    void end() throws Exception {
        List<Future<Void>> closed =
                registries.stream().map(ConnectionRegistry::close).toList();
        done(Future.join(closed));
        done(vertx.close());
    }

    private HazelcastInstance member() {
        return Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> each.getConfig().getClusterName().equals("muster-" + namespace))
                .findFirst()
                .orElseThrow();
    }

    private void awaitNodes(int count) {
        for (ConnectionRegistry registry : registries) {
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(registry.nodes()).hasSize(count));
        }
    }

    // ---- finding each other ----

    @Test
    void nodes_of_one_machine_that_start_at_the_same_time_are_one_cluster() throws Exception {
        int first = Ports.range();
        List<Future<Void>> started = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            started.add(start(registry("n" + i, port(first))));
        }
        done(Future.all(started));
        awaitNodes(3);

        registries.get(0).watch("room");
        done(registries.get(2).publish("room", Draft.text(null, "hello"), GroupPolicy.DEFAULT));
        assertThat(done(registries.get(1).heads(List.of("room")))).containsKey("room");
    }

    @Test
    void named_members_are_found_at_other_ports() throws Exception {
        done(start(registry("n1", port(Ports.range()))));
        Address first = member().getCluster().getLocalMember().getAddress();
        String seed = first.getHost() + ":" + first.getPort();
        done(start(
                registry("n2", Map.of("hazelcast-members", seed, "hazelcast-port", Integer.toString(Ports.range())))));
        awaitNodes(2);
        assertThat(registries.get(0).nodes()).extracting(NodeId::name).containsExactlyInAnyOrder("n1", "n2");
    }

    @Test
    void a_node_alone_works() throws Exception {
        ConnectionRegistry alone = registry("n1", port(Ports.range()));
        done(start(alone));
        done(alone.watch("room"));
        done(alone.publish("room", Draft.text(null, "hello"), GroupPolicy.DEFAULT));

        assertThat(alone.nodes()).containsExactly(alone.self());
    }

    @Test
    void below_the_quorum_nothing_is_accepted_until_enough_are_there() throws Exception {
        Map<String, String> two = Map.of("hazelcast-port", Integer.toString(Ports.range()), "hazelcast-quorum", "2");
        ConnectionRegistry first = registry("n1", two);
        assertThatThrownBy(() -> done(start(first)))
                .cause()
                .isInstanceOfSatisfying(RegistryException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
                    assertThat(failure).hasMessageContaining("no quorum");
                });
        assertThatThrownBy(() -> done(first.watch("room"))).hasMessageContaining("no quorum");
        done(start(registry("n2", two)));
        awaitNodes(2);

        // It sees the other a little before it is in again itself.
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> done(first.watch("room")) != null);
    }

    // ---- letting in ----

    @Test
    void the_configuration_leaves_no_way_in_but_for_named_members() throws Exception {
        done(start(registry("n1", port(Ports.range()))));
        Config config = member().getConfig();

        assertThat(config.getAdvancedNetworkConfig()
                        .getJoin()
                        .getMulticastConfig()
                        .isEnabled())
                .isFalse();
        assertThat(config.getAdvancedNetworkConfig()
                        .getJoin()
                        .getAutoDetectionConfig()
                        .isEnabled())
                .isFalse();
        assertThat(config.getAdvancedNetworkConfig().getEndpointConfigs()).containsOnlyKeys(EndpointQualifier.MEMBER);
        assertThat(config.getJetConfig().isEnabled()).isFalse();
        assertThat(config.getMetricsConfig().isEnabled()).isFalse();
        assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.shutdownhook.enabled")).isEqualTo("false");
    }

    @Test
    void it_listens_on_loopback_only() throws Exception {
        done(start(registry("n1", port(Ports.range()))));
        Address address = member().getCluster().getLocalMember().getAddress();
        assertThat(address.getInetAddress().isLoopbackAddress()).isTrue();

        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress own : Collections.list(each.getInetAddresses())) {
                if (!own.isLoopbackAddress() && !own.isLinkLocalAddress()) {
                    assertThatThrownBy(() -> connect(new InetSocketAddress(own, address.getPort())))
                            .isInstanceOf(ConnectException.class);
                }
            }
        }
    }

    private static void connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, 2_000);
        }
    }

    /** What the member answers to {@code said} until it hangs up, politely or not; fails if it does not. */
    private String answer(byte[] said) throws IOException {
        Address address = member().getCluster().getLocalMember().getAddress();
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(address.getInetAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(said);
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                answer.append((char) next);
            }
        } catch (SocketException reset) {
            answer.append(" reset");
        }
        return answer.toString();
    }

    @Test
    void clients_and_web_requests_are_hung_up_on() throws Exception {
        done(start(registry("n1", port(Ports.range()))));

        assertThat(answer("CP2".getBytes(StandardCharsets.US_ASCII))).doesNotContain("CP2");
        assertThat(answer("GET /hazelcast/health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .doesNotContain("HTTP");
    }

    @Test
    void rubbish_at_the_port_disturbs_nobody() throws Exception {
        ConnectionRegistry registry = registry("n1", port(Ports.range()));
        done(start(registry));
        done(registry.watch("room"));
        Random random = new Random(1);
        for (int i = 0; i < 6; i++) {
            byte[] rubbish = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(rubbish);
            assertThat(answer(rubbish)).doesNotContain("HZC");
        }

        done(registry.publish("room", Draft.text(null, "still here"), GroupPolicy.DEFAULT));
    }

    // ---- classes ----

    /** A class that nobody but this test knows. */
    static final class Foreign implements Serializable {
        private static final long serialVersionUID = 1L;
        final String text = "do something";
    }

    private InternalSerializationService guarded() {
        HazelcastOptions options = HazelcastOptions.of(Map.of());
        RegistryContext context = RegistryContext.of(vertx, namespace, "n1", Map.of());
        OwnerSide side = new OwnerSide(context.timings(), new Inbox(new Ignored(), () -> {}));
        return new DefaultSerializationServiceBuilder()
                .setConfig(MemberConfig.of(context, options, side).getSerializationConfig())
                .build();
    }

    private static final class Ignored implements Parcel.Receiver {
        @Override
        public void publication(String group, dev.muster.registry.Publication publication) {}

        @Override
        public void broadcast(dev.muster.registry.Publication publication) {}

        @Override
        public void send(String connectionId, io.vertx.core.buffer.Buffer payload) {}
    }

    @Test
    void objects_of_foreign_classes_are_refused() {
        InternalSerializationService open = new DefaultSerializationServiceBuilder().build();
        InternalSerializationService guarded = guarded();
        for (Object foreign : List.of(new Foreign(), new java.util.BitSet(8))) {
            byte[] bytes = open.toBytes(foreign);
            assertThatThrownBy(() -> guarded.toObject(new com.hazelcast.internal.serialization.impl.HeapData(bytes)))
                    .as(foreign.getClass().getName())
                    .isInstanceOf(HazelcastSerializationException.class)
                    .hasMessageContaining("is not allowed");
        }
    }

    @Test
    void failures_with_which_members_answer_each_other_get_through() throws Exception {
        InternalSerializationService guarded = guarded();
        Address address = new Address("127.0.0.1", 5701);
        List<Throwable> failures = List.of(
                new RetryableHazelcastException("again", new IllegalStateException("because")),
                new PartitionMigratingException(address, 3, "operation", "service"),
                new WrongTargetException("elsewhere"),
                new TargetNotMemberException("gone"),
                new com.hazelcast.spi.exception.CallerNotMemberException("stranger"),
                new com.hazelcast.splitbrainprotection.SplitBrainProtectionException("too few"),
                new com.hazelcast.core.HazelcastInstanceNotActiveException("ended"),
                new com.hazelcast.core.OperationTimeoutException("late"),
                new java.util.concurrent.CancellationException("cancelled"),
                new java.io.IOException("broken", new NullPointerException("null")));
        for (Throwable failure : failures) {
            failure.addSuppressed(new IllegalArgumentException("beside"));
            Throwable arrived = guarded.toObject(guarded.toData(failure));
            assertThat(arrived).hasSameClassAs(failure).hasMessage(failure.getMessage());
        }
    }
}
