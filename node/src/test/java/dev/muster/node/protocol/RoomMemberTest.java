package dev.muster.node.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Identity;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Member;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Rooms;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.ContentType;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoomMemberTest {

    private final Deque<Promise<Published>> open = new ArrayDeque<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final EventLoop loop = new DefaultEventLoop();

    private final ConnectionRegistry registry = (ConnectionRegistry) Proxy.newProxyInstance(
            ConnectionRegistry.class.getClassLoader(),
            new Class<?>[] {ConnectionRegistry.class},
            (self, method, args) -> {
                Promise<Published> promise = Promise.promise();
                open.add(promise);
                return promise.future();
            });

    private final Connection connection = (Connection) Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, args) -> switch (method.getName()) {
                case "id" -> "me";
                case "transport" -> "websocket";
                case "identity" -> Identity.ANONYMOUS;
                case "loop" -> loop;
                default -> {
                    done.add(method.getName());
                    yield null;
                }
            });

    private final Rooms rooms = new Rooms(registry, List.of(), Clock.systemUTC(), System::nanoTime, null);
    private final RoomMember member = new RoomMember(new TestMember(connection), "g");

    private record TestMember(Connection connection) implements Member {
        @Override
        public Encoder encoder() {
            return new Encoder() {
                @Override
                public ByteBuf encode(RoomEvent event, Framing framing) {
                    return null;
                }

                @Override
                public boolean echoes() {
                    return false;
                }
            };
        }
    }

    @AfterEach
    void stop() {
        loop.shutdownGracefully();
    }

    private void say(int bytes) {
        member.publish(
                rooms, ContentType.BINARY, Buffer.buffer(new byte[bytes]), Map.of(), code -> done.add(code.code()));
    }

    private void answer() throws Exception {
        open.remove().complete(new Published(null, false));
        loop.submit(() -> {}).get();
    }

    @Test
    @DisplayName("who says more than the registry takes is not read from until half of it is answered")
    void backPressure() throws Exception {
        say(600_000);
        assertThat(done).isEmpty();
        say(600_000);
        say(100_000);
        assertThat(done).containsExactly("pause");
        answer();
        assertThat(done).containsExactly("pause");
        answer();
        assertThat(done).containsExactly("pause", "resume");
        say(1_000_000);
        assertThat(done).containsExactly("pause", "resume", "pause");
        answer();
        answer();
        assertThat(done).containsExactly("pause", "resume", "pause", "resume");
    }

    @Test
    @DisplayName("what the registry does not accept is told by its code")
    void failures() {
        for (RegistryException.Reason reason : RegistryException.Reason.values()) {
            say(1);
            open.remove().fail(new RegistryException(reason, "for the test"));
        }
        assertThat(done)
                .containsExactly(
                        "registry_unavailable",
                        "registry_unavailable",
                        "registry_unavailable",
                        "invalid_message",
                        "invalid_message",
                        "invalid_message",
                        "registry_unavailable");
    }
}
