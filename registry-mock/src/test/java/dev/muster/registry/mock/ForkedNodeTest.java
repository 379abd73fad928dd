package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Slice;
import dev.muster.registry.tck.ForkedHost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kit's nodes in processes of their own: what goes through the pipe, and what becomes of it when they die. */
class ForkedNodeTest {

    private static final Duration SHORTLY = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final RecordingListener heard = new RecordingListener();
    private ForkedHost host;
    private ConnectionRegistry registry;

    @BeforeEach
    void fork() throws Exception {
        host = ForkedHost.start("memory", RegistryContext.of(vertx, "forked", "child", Map.of()));
        registry = host.registry();
        get(registry.start(heard));
    }

    @AfterEach
    void end() throws Exception {
        host.close();
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }

    @Test
    void everythingArrivesAsItWasSent() throws Exception {
        ConnectionRecord record = new ConnectionRecord(
                "c1", registry.self(), "tcp", "\u0000 🙂", null, "a \"name\"\n", Instant.ofEpochMilli(5));
        get(registry.register(record));
        Position watched = get(registry.watch("odd: {group}\n"));
        Position joined = get(registry.join("c1", "odd: {group}\n", GroupPolicy.DEFAULT));
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Draft draft = Draft.binary("c1", Buffer.buffer(bytes)).withHeaders(Map.of("k", "v\n"));
        Position said = get(registry.publish("odd: {group}\n", draft, GroupPolicy.DEFAULT))
                .position();
        Slice slice = get(registry.read("odd: {group}\n", watched, 10));

        assertThat(joined).isEqualTo(watched);
        assertThat(get(registry.locate("c1"))).contains(record);
        assertThat(get(registry.members("odd: {group}\n", null, 10)).items()).containsExactly(record);
        assertThat(slice.publications()).extracting(Publication::kind).containsExactly(Kind.JOINED, Kind.MESSAGE);
        Publication message = slice.publications().get(1);
        assertThat(message).isEqualTo(Publication.of(draft, said, message.timestamp()));
        Awaitility.await().atMost(SHORTLY).until(() -> heard.publications().size() == 2);
        assertThat(heard.publications()).isEqualTo(slice.publications());
    }

    @Test
    void failuresKeepTheirReason() {
        assertThatThrownBy(() -> get(registry.join("nobody", "room", GroupPolicy.DEFAULT)))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RegistryException.Reason.UNKNOWN_CONNECTION));
        assertThatThrownBy(() -> get(registry.watch(""))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKilledNodeAnswersNothing() {
        host.freeze();
        Future<Long> pending = registry.connectionCount();
        host.kill();

        assertThat(List.of(pending, registry.connectionCount()))
                .allSatisfy(call -> assertThatThrownBy(() -> get(call)).isInstanceOf(RegistryException.class));
    }

    @Test
    void aFrozenNodeAnswersWhenItGoesOn() throws Exception {
        host.freeze();
        Future<Long> pending = registry.connectionCount();
        assertThatThrownBy(() -> pending.await(300, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        host.thaw();

        assertThat(get(pending)).isZero();
    }
}
