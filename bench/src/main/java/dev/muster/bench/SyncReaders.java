package dev.muster.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Subscribers that count what they get, for {@link SyncLoad}. */
final class SyncReaders {

    private static final PrintStream OUT = System.out;
    private static final String SUBSCRIBE = "{\"type\":\"subscribe\",\"component\":\"*\",\"subscriptionId\":";

    /** Entities that a subscriber wants who does not want all. */
    private static final int SOME = 10;

    /** Less than half of a tick. */
    private static final long SAME_TICK_NANOS = 12_000_000;

    private static final AtomicLong BYTES = new AtomicLong();
    private static final AtomicLong ITEMS = new AtomicLong();
    private static final AtomicLong SNAPSHOTS = new AtomicLong();
    private static final List<Long> ARRIVALS = Collections.synchronizedList(new ArrayList<>());
    /** On one event loop. */
    private static long lastArrival;

    private SyncReaders() {}

    /** How many, seconds, of these to warm up, items to wait for or 0, what they want, the first entity, entities, ports. */
    static void main(String[] args) throws InterruptedException {
        int number = Integer.parseInt(args[0]);
        int seconds = Integer.parseInt(args[1]);
        int warm = Integer.parseInt(args[2]);
        long wanted = Long.parseLong(args[3]);
        long entities = Long.parseLong(args[6]);
        String[] ports = Arrays.copyOfRange(args, 7, args.length);
        Vertx vertx = Vertx.vertx();
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(number)
                .setMaxFrameSize(64 << 20)
                .setMaxMessageSize(64 << 20)
                .setTryUsePerMessageCompression(false));
        CountDownLatch all = new CountDownLatch(1);
        long start = System.nanoTime();
        for (int i = 0; i < number; i++) {
            boolean first = i == 0;
            List<String> wishes =
                    wishes(args[4], Long.parseUnsignedLong(args[5]), i * entities / number, entities - SOME);
            WebSocketConnectOptions where = new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(Integer.parseInt(ports[i % ports.length]))
                    .setURI("/ws/sync");
            client.connect(where).onSuccess(socket -> {
                socket.handler(bytes -> {
                    BYTES.addAndGet(bytes.length());
                    if (first) {
                        arrived(System.nanoTime());
                    }
                    count(bytes);
                    if (wanted > 0 && SNAPSHOTS.get() >= wanted) {
                        all.countDown();
                    }
                });
                wishes.forEach(socket::writeTextMessage);
            });
        }
        if (wanted > 0) {
            boolean here = all.await(seconds, TimeUnit.SECONDS);
            OUT.printf(
                    Locale.ROOT,
                    "%s after %.0f ms with connecting, %d items, %.1f MB%n",
                    here ? "all" : "NOT all",
                    (System.nanoTime() - start) / 1e6,
                    SNAPSHOTS.get(),
                    BYTES.get() / 1e6);
            System.exit(0);
        }
        Thread.sleep(warm * 1_000L);
        ARRIVALS.clear();
        long items = ITEMS.get();
        long bytes = BYTES.get();
        Thread.sleep((seconds - warm) * 1_000L);
        double got = ITEMS.get() - items;
        OUT.printf(
                Locale.ROOT,
                "%.0f %.1f %s%n",
                got / (seconds - warm),
                (BYTES.get() - bytes) / Math.max(1, got),
                gaps());
        System.exit(0);
    }

    /** Frames of one tick come together. */
    private static void arrived(long now) {
        if (now - lastArrival > SAME_TICK_NANOS) {
            ARRIVALS.add(now);
        }
        lastArrival = now;
    }

    /**
     * Frames to subscribe with.
     *
     * @param at which entity, counted from the first; where one wants some, it is these
     */
    private static List<String> wishes(String what, long first, long at, long last) {
        long from = Math.max(0, Math.min(at, last));
        switch (what) {
            case "all" -> {
                return List.of(SUBSCRIBE + "1}");
            }
            case "region" -> {
                // Each entity is at its number, and less than 1 beside it.
                String region = "{\"min\":{\"x\":" + from + "},\"max\":{\"x\":" + (from + SOME - 0.001) + "}}";
                return List.of(SUBSCRIBE + "1,\"filter\":{\"region\":" + region + "}}");
            }
            case "entity" -> {
                List<String> each = new ArrayList<>();
                for (int i = 0; i < SOME; i++) {
                    String entity = Long.toUnsignedString(first + from + i);
                    each.add(SUBSCRIBE + (i + 1) + ",\"entity\":\"" + entity + "\"}");
                }
                return each;
            }
            default -> throw new IllegalArgumentException("all, region or entity, but not " + what);
        }
    }

    /** Counts {@code "op"}, and those that are of a snapshot. */
    private static void count(Buffer bytes) {
        byte[] all = bytes.getBytes();
        int items = 0;
        int snapshots = 0;
        for (int i = 0; i + 6 < all.length; i++) {
            if (all[i] == '"' && all[i + 1] == 'o' && all[i + 2] == 'p' && all[i + 3] == '"') {
                items++;
                if (all[i + 6] == 's') {
                    snapshots++;
                }
            }
        }
        ITEMS.addAndGet(items);
        SNAPSHOTS.addAndGet(snapshots);
    }

    private static String gaps() {
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < ARRIVALS.size(); i++) {
            gaps.add(ARRIVALS.get(i) - ARRIVALS.get(i - 1));
        }
        if (gaps.isEmpty()) {
            return "- -";
        }
        Collections.sort(gaps);
        return String.format(
                Locale.ROOT,
                "%.1f %.1f",
                gaps.get(gaps.size() / 2) / 1e6,
                gaps.get(Math.min(gaps.size() - 1, gaps.size() * 99 / 100)) / 1e6);
    }
}
