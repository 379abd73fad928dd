package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** A WebSocket that writes down every frame it gets: text as it is, bytes as {@code 0x…}. */
final class Client {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How often Vert.x may come too late to a socket that the node has closed already. */
    private static final int LATE = 5;

    final List<String> got = new CopyOnWriteArrayList<>();

    private final ClientWebSocket socket;
    private volatile int closeCode;

    private Client(ClientWebSocket socket) {
        this.socket = socket;
    }

    static Client connect(WebSocketClient sockets, int port, String path, String token) {
        for (int attempt = 1; ; attempt++) {
            try {
                return open(sockets, port, path, token);
            } catch (IllegalStateException closed) {
                // The close came with the upgrade, before Vert.x had set its handlers: it does not tell the code then.
                if (attempt == LATE) {
                    throw closed;
                }
            }
        }
    }

    private static Client open(WebSocketClient sockets, int port, String path, String token) {
        ClientWebSocket socket = sockets.webSocket();
        Client client = new Client(socket);
        socket.textMessageHandler(client.got::add);
        socket.binaryMessageHandler(bytes -> client.got.add(hex(bytes)));
        socket.closeHandler(closed -> {
            Short code = socket.closeStatusCode();
            client.closeCode = code == null ? 1006 : code;
        });
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path);
        if (token != null) {
            options.putHeader("Authorization", "Bearer " + token);
        }
        get(socket.connect(options));
        return client;
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(failure.getCause());
        } catch (InterruptedException | TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }

    static String hex(Buffer bytes) {
        StringBuilder hex = new StringBuilder("0x");
        for (byte next : bytes.getBytes()) {
            hex.append(String.format("%02x", next));
        }
        return hex.toString();
    }

    Client say(String text) {
        get(socket.writeTextMessage(text));
        return this;
    }

    /** Says something that may find the socket closed already. */
    Client sayIfOpen(String text) {
        socket.writeTextMessage(text);
        return this;
    }

    Client say(byte[] bytes) {
        get(socket.writeBinaryMessage(Buffer.buffer(bytes)));
        return this;
    }

    /** Waits for so many frames, and returns them all: more than that are no excuse. */
    List<String> frames(int count) {
        awaitThat(count + " frames", () -> got.size() >= count || closeCode != 0);
        assertThat(got).hasSize(count);
        return List.copyOf(got);
    }

    /** Waits, and says what came instead if it did not come. */
    private void awaitThat(String what, Callable<Boolean> came) {
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(came);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(
                    what + " did not come, but these " + got.size() + ": " + got + ", close code " + closeCode, late);
        }
    }

    /** Waits for a frame. */
    Client awaitFrame(String frame) {
        awaitThat(frame, () -> got.contains(frame) || closeCode != 0);
        assertThat(got).contains(frame);
        return this;
    }

    /** Waits for a frame in which a regular expression is found. */
    Client awaitMatch(String regex) {
        Pattern wanted = Pattern.compile(regex);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        got.stream().anyMatch(frame -> wanted.matcher(frame).find()));
        return this;
    }

    /** The first frame, as JSON; taken away. */
    JsonObject hello() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> !got.isEmpty() || closeCode != 0);
        assertThat(closeCode).as("closed with").isZero();
        return new JsonObject(got.remove(0));
    }

    int closeCode() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> closeCode != 0);
        return closeCode;
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    void close() {
        get(socket.close());
    }
}
