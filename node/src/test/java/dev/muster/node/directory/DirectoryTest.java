package dev.muster.node.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.ContentType;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DirectoryTest {

    private final List<String> calls = new ArrayList<>();
    private final Deque<Promise<Object>> open = new ArrayDeque<>();
    private final Directory directory = new Directory((ConnectionRegistry) Proxy.newProxyInstance(
            ConnectionRegistry.class.getClassLoader(),
            new Class<?>[] {ConnectionRegistry.class},
            (self, method, args) -> switch (method.getName()) {
                case "self" -> new NodeId("n", 1);
                case "register" -> asked("register " + ((ConnectionRecord) args[0]).connectionId());
                case "unregister" -> asked("unregister " + args[0]);
                case "send" -> asked("send " + args[0] + " " + args[1]);
                default -> throw new AssertionError("nobody needs " + method.getName());
            }));

    private Future<Object> asked(String call) {
        calls.add(call);
        Promise<Object> promise = Promise.promise();
        open.add(promise);
        return promise.future();
    }

    private static Connection connection(String id, List<String> got) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, args) -> switch (method.getName()) {
                    case "id" -> id;
                    case "transport" -> "websocket";
                    case "identity" -> Identity.ANONYMOUS;
                    case "connectedAt" -> Instant.EPOCH;
                    case "sendText", "sendBinary", "close" -> {
                        got.add(method.getName() + " " + args[0]);
                        yield null;
                    }
                    default -> throw new AssertionError("nobody needs " + method.getName());
                });
    }

    private static RegistryException gone() {
        return new RegistryException(RegistryException.Reason.UNAVAILABLE, "for the test");
    }

    @Test
    @DisplayName("a connection that could not be registered is registered later, once, and not when it has gone")
    void registerAgain() {
        Connection stays = connection("stays", new ArrayList<>());
        Connection goes = connection("goes", new ArrayList<>());
        directory.add(stays);
        directory.add(goes);
        open.remove().fail(gone());
        open.remove().fail(gone());
        assertThat(directory.registered(stays).failed()).isTrue();
        directory.remove(goes, Future.succeededFuture());
        open.remove().complete(false);

        directory.registerAgain();
        assertThat(calls).containsExactly("register stays", "register goes", "unregister goes", "register stays");
        open.remove().fail(gone());
        directory.registerAgain();
        open.remove().complete(null);
        assertThat(directory.registered(stays).succeeded()).isTrue();
        directory.registerAgain();
        assertThat(calls).hasSize(5).endsWith("register stays");
    }

    @Test
    @DisplayName("an id is there once")
    void duplicate() {
        directory.add(connection("a", new ArrayList<>()));
        Connection again = connection("a", new ArrayList<>());
        assertThatThrownBy(() -> directory.add(again)).hasMessageContaining("exists already");
    }

    @Test
    @DisplayName("while the node drains, closed connections are not unregistered one by one")
    void drain() {
        Connection connection = connection("a", new ArrayList<>());
        directory.add(connection);
        directory.drain();
        directory.remove(connection, Future.succeededFuture());
        assertThat(calls).containsExactly("register a");
        assertThat(directory.count()).isZero();
    }

    @Test
    @DisplayName("what is for a connection of this node needs no registry; what came too late is dropped")
    void local() {
        List<String> got = new ArrayList<>();
        Connection connection = connection("a", got);
        directory.add(connection);
        assertThat(directory.send("a", ContentType.TEXT, Buffer.buffer("t")).result())
                .isTrue();
        directory.onSend("a", new Envelope.Deliver(ContentType.JSON, Buffer.buffer("{}")).toBytes());
        directory.onSend("a", new Envelope.Close(new CloseReason(4999, "ende \u00e4")).toBytes());
        directory.onSend("a", Buffer.buffer(new byte[] {99}));
        directory.onSend("a", Buffer.buffer());
        directory.onSend("b", new Envelope.Deliver(ContentType.TEXT, Buffer.buffer("t")).toBytes());
        assertThat(got).containsExactly("sendText t", "sendText {}", "close 4999 ende \u00e4");
        assertThat(calls).containsExactly("register a");
        directory.send("b", ContentType.TEXT, Buffer.buffer("t"));
        assertThat(calls).hasSize(2).last().asString().startsWith("send b");
    }

    @Property
    void whatAnotherNodeSendsIsReadOrRefused(@ForAll byte[] bytes) {
        try {
            Envelope read = Envelope.parse(Buffer.buffer(bytes));
            if (read instanceof Envelope.Deliver) {
                assertThat(read.toBytes().getBytes()).isEqualTo(bytes);
            }
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }
}
