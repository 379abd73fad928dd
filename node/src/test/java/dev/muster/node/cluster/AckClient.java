package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;

/**
 * A client that asks for acknowledgements, and does with them what the page on delivery tells clients to do: it keeps the
 * number of the last message, drops what it has already, and comes back with its token. Its socket can be cut.
 */
public final class AckClient {

    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Payloads of the messages it took, in order. */
    public final List<String> taken = new CopyOnWriteArrayList<>();
    /** Frames that are no messages. */
    public final List<JsonObject> others = new CopyOnWriteArrayList<>();
    /** Whole lines that are no JSON. */
    public final List<String> lines = new CopyOnWriteArrayList<>();

    private final String path;
    private final String token;
    private volatile WebSocket socket;
    private volatile boolean acking = true;
    private volatile long last;
    private volatile long seen;
    private volatile int repeated;
    private volatile int gaps;
    private volatile int closeCode;
    private volatile JsonObject hello;
    private volatile Listener listener;

    public AckClient(String path, String token) {
        this.path = path;
        this.token = token;
    }

    /** Opens a socket, with the token of the hello before if there was one. */
    public AckClient connect(IntSupplier port) {
        JsonObject before = hello;
        hello = null;
        closeCode = 0;
        String resume = before == null ? "" : "&resume=" + before.getString("resume");
        open(port.getAsInt(), path + resume);
        return this;
    }

    private void open(int port, String pathAndQuery) {
        Listener own = new Listener();
        listener = own;
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + pathAndQuery), own)
                .join();
    }

    /** Opens a socket and waits for the hello; tries again on any port as long as nobody lets it in. */
    public JsonObject connectUntilGreeted(IntSupplier port) {
        JsonObject before = hello;
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - until < 0) {
            try {
                hello = before;
                connect(port);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> hello != null || closeCode != 0);
                if (hello != null) {
                    return hello;
                }
            } catch (CompletionException refused) {
                assertThat(refused).hasRootCauseInstanceOf(java.io.IOException.class);
            }
        }
        throw new AssertionError("nobody let the client in");
    }

    /** Cuts the socket without a close frame. */
    public void cut() {
        listener.over = true;
        socket.abort();
    }

    public void close(int code) {
        socket.sendClose(code, "").join();
    }

    public void say(String text) {
        socket.sendText(text, true).join();
    }

    public void ack(long id) {
        say("{\"type\":\"ACK\",\"id\":" + id + "}");
    }

    /** From now on it takes messages without a word, or says so again. */
    public AckClient acking(boolean acking) {
        this.acking = acking;
        return this;
    }

    public JsonObject hello() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> hello != null || closeCode != 0);
        assertThat(closeCode).as("closed with").isZero();
        return hello;
    }

    public int closeCode() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> closeCode != 0);
        return closeCode;
    }

    public boolean isClosed() {
        return closeCode != 0;
    }

    public List<String> taken(int count) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> taken.size() >= count);
        return new ArrayList<>(taken);
    }

    public JsonObject other() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> !others.isEmpty());
        return others.remove(0);
    }

    /** Number of the last message it took. */
    public long last() {
        return last;
    }

    /** Number of the last message that came, taken before or not. */
    public long seen() {
        return seen;
    }

    /** Messages that came again. */
    public int repeated() {
        return repeated;
    }

    /** Messages that came although one before them was missing. */
    public int gaps() {
        return gaps;
    }

    private void take(JsonObject frame) {
        long id = frame.getLong("id");
        seen = id;
        if (id <= last) {
            repeated++;
        } else if (id > last + 1) {
            gaps++;
        } else {
            last = id;
            taken.add(frame.getString("payload"));
        }
        if (acking) {
            socket.sendText("{\"type\":\"ACK\",\"id\":" + last + "}", true);
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private volatile boolean over;

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            opened.request(1);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
            text.append(data);
            if (isLast) {
                String frame = text.toString();
                text.setLength(0);
                if (!over) {
                    frame(frame);
                }
            }
            from.request(1);
            return null;
        }

        private void frame(String frame) {
            if (!frame.startsWith("{")) {
                lines.add(frame);
                return;
            }
            JsonObject json = new JsonObject(frame);
            switch (json.getString("type")) {
                case "MESSAGE" -> take(json);
                case "SERVER_HELLO", "SESSION" -> {
                    if (Boolean.FALSE.equals(json.getBoolean("recovered"))) {
                        last = 0;
                    }
                    hello = json;
                }
                case "message" -> event(json);
                default -> others.add(json);
            }
        }

        /** Of the events wire; its hello is in the first. */
        private void event(JsonObject event) {
            JsonObject payload = event.getJsonObject("payload");
            if (!payload.containsKey("resume")) {
                others.add(event);
                return;
            }
            if (Boolean.FALSE.equals(payload.getBoolean("recovered"))) {
                last = 0;
            }
            hello = payload;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            if (!over) {
                closeCode = code;
            }
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            if (!over) {
                closeCode = 1006;
            }
        }
    }
}
