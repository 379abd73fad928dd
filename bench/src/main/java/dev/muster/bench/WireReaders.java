package dev.muster.bench;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** Members of one room on several wires that count what they get, and one more that speaks, for {@link WireLoad}. */
final class WireReaders {

    private static final PrintStream OUT = System.out;
    private static final String ROOM = "lobby";
    /** 128 bytes, and no JSON. */
    private static final String TEXT = "x".repeat(128);
    /** How long the last messages may be on their way. */
    private static final long LAST_MILLIS = 1_000;

    private static final AtomicLong DELIVERED = new AtomicLong();
    private static final AtomicLong BYTES = new AtomicLong();

    private WireReaders() {}

    /** Wires, members, messages a second, seconds to warm up, seconds, ports. */
    static void main(String[] args) throws Exception {
        String[] wires = args[0].split("\\+");
        int members = Integer.parseInt(args[1]);
        int rate = Integer.parseInt(args[2]);
        long warm = Long.parseLong(args[3]) * 1_000;
        long seconds = Long.parseLong(args[4]);
        String[] ports = Arrays.copyOfRange(args, 5, args.length);
        Vertx vertx = Vertx.vertx();
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setTryUsePerMessageCompression(false)
                .setMaxConnections(members + 1));
        for (int i = 0; i < members; i++) {
            String wire = wires[i % wires.length];
            WebSocket socket = await(client.connect(where(wire, ports[i / wires.length % ports.length])));
            socket.handler(wire.equals("packets") ? WireReaders::countPackets : WireReaders::count);
        }
        WebSocket speaker = await(client.connect(where("relay", ports[0])));
        AtomicLong said = new AtomicLong();
        long begun = System.nanoTime();
        vertx.setPeriodic(Math.max(1, 1_000 / rate), tick -> {
            long due = (System.nanoTime() - begun) * rate / 1_000_000_000;
            while (said.get() < due) {
                speaker.writeTextMessage(TEXT);
                said.incrementAndGet();
            }
        });
        Thread.sleep(warm);
        long delivered = DELIVERED.get();
        long bytes = BYTES.get();
        OUT.println("now");
        Thread.sleep(seconds * 1_000);
        long counted = DELIVERED.get() - delivered;
        OUT.println(counted + " " + (BYTES.get() - bytes) / Math.max(1, counted));
        requireAll(said.get() * members);
        System.exit(0);
    }

    /** A measurement of a room that loses something is none. */
    private static void requireAll(long expected) throws InterruptedException {
        Thread.sleep(LAST_MILLIS);
        if (DELIVERED.get() < expected) {
            throw new IllegalStateException("only " + DELIVERED.get() + " of " + expected + " messages came");
        }
    }

    private static WebSocketConnectOptions where(String wire, String port) {
        String path = switch (wire) {
            case "relay" -> "/ws/" + ROOM;
            case "protobuf" -> "/ws/" + ROOM + "?binary=protobuf";
            case "chat" -> "/ws/chat/" + ROOM;
            case "events" -> "/ws?events=all&room=" + ROOM;
            case "packets" -> "/ws/packet";
            default -> throw new IllegalArgumentException("there is no wire " + wire + ", only " + WireLoad.ALL);
        };
        return new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(Integer.parseInt(port))
                .setURI(path)
                .setHeaders(MultiMap.caseInsensitiveMultiMap().add("Authorization", "Bearer valid-token"));
    }

    private static void count(Buffer frame) {
        // Hellos, joins and figures are shorter than what is said.
        if (frame.length() >= TEXT.length()) {
            DELIVERED.incrementAndGet();
            BYTES.addAndGet(frame.length());
        }
    }

    /** Several may come in one frame, and be cut between two; 8 bytes of length come first. */
    private static void countPackets(Buffer frame) {
        for (int at = 0; at + 8 <= frame.length(); at += 8 + (int) frame.getLongLE(at)) {
            if (frame.getLongLE(at) >= TEXT.length()) {
                DELIVERED.incrementAndGet();
                BYTES.addAndGet(8 + frame.getLongLE(at));
            }
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
