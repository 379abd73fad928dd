package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A WebSocket that writes down every frame it gets: text as it is, bytes as {@code 0x…}. */
final class WsClient implements AutoCloseable {

    /** Closed without a close frame. */
    static final int ABNORMAL = 1006;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<String> got = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private WebSocket socket;

    private WsClient() {}

    static WsClient connect(String url) {
        return connect(url, null);
    }

    static WsClient connect(String url, String token) {
        WsClient client = new WsClient();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(20));
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        try {
            client.socket =
                    builder.buildAsync(URI.create(url), client.new Ears()).join();
        } catch (CompletionException failure) {
            throw new AssertionError("cannot connect to " + url + ": " + failure.getCause(), failure);
        }
        return client;
    }

    /** A relay member whose hello was read. */
    static WsClient relay(String url) {
        WsClient client = connect(url);
        JsonObject hello = new JsonObject(client.awaitFrame(frame -> true));
        assertThat(hello.getString("type")).isEqualTo("SERVER_HELLO");
        client.got.clear();
        return client;
    }

    /** A chat member whose own joining was announced. */
    static WsClient chat(String url) {
        WsClient client = connect(url, "valid-token");
        client.awaitFrame("John Doe joined the room");
        return client;
    }

    WsClient say(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    WsClient say(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    List<String> got() {
        return List.copyOf(got);
    }

    long count(String frame) {
        return got.stream().filter(frame::equals).count();
    }

    void forget() {
        got.clear();
    }

    /** Waits for so many frames; more than that are as wrong as fewer. */
    List<String> frames(int count) {
        Patience.await(count + " frames").until(() -> got.size() >= count);
        assertThat(got).hasSize(count);
        return got();
    }

    WsClient awaitFrame(String frame) {
        awaitFrame(frame::equals);
        return this;
    }

    String awaitFrame(Predicate<String> wanted) {
        return awaitFrame(wanted, Patience.LONG);
    }

    String awaitFrame(Predicate<String> wanted, Duration atMost) {
        Patience.await("a frame; so far " + got, atMost)
                .until(() -> got.stream().anyMatch(wanted));
        return got.stream().filter(wanted).findFirst().orElseThrow();
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    /** Waits until it is closed. */
    int closeCode() {
        try {
            return closed.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("not closed", failure);
        }
    }

    /** A clean end. */
    void leave() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        closeCode();
    }

    /** An end in any case. */
    @Override
    public void close() {
        socket.abort();
    }

    private final class Ears implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();
        private final StringBuilder bytes = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                got.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
            byte[] piece = new byte[part.remaining()];
            part.get(piece);
            bytes.append(HexFormat.of().formatHex(piece));
            if (last) {
                got.add("0x" + bytes);
                bytes.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.complete(ABNORMAL);
        }
    }
}
