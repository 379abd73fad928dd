package dev.muster.node.transport;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Route;
import dev.muster.node.connection.SocketHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a connection costs. The server is a process of its own, so that its figures are not ours:
 *
 * <pre>
 * java -cp … dev.muster.node.transport.Measure idle 10000          bytes of an idle connection
 * java -cp … dev.muster.node.transport.Measure fanout 1000 3000    CPU of a delivery: members, messages
 * java -cp … dev.muster.node.transport.Measure connect 20000       CPU of connect and close
 * </pre>
 */
public final class Measure {

    private static final int PAYLOAD = 128;

    private Measure() {}

    /**
     * @param args see above
     */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("server")) {
            serve();
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(System.getProperty("server.flags", "-Xms64m").split(" ")));
        command.addAll(List.of(Measure.class.getName(), "server"));
        Process server = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            int port = Integer.parseInt(server.inputReader().readLine());
            new Clients(server.pid(), port).run(args);
        } finally {
            server.destroy();
        }
    }

    private static void serve() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
        new HttpListener(
                        vertx,
                        TransportOptions.DEFAULT.withPort(0),
                        RouteTable.builder()
                                .socket(new Route("/ws/{room}", Authenticator.OPEN, new Room()))
                                .build(),
                        Measure::answer,
                        ConnectionLimit.NONE,
                        MessageLimit.NONE,
                        ConnectionListener.NONE,
                        new ConnectionIds(7),
                        new TransportMetrics())
                .listen()
                .onSuccess(listening -> System.out.println(listening.port()))
                .onFailure(Throwable::printStackTrace);
    }

    private static void answer(HttpServerRequest request) {
        System.gc();
        System.gc();
        request.response()
                .end(String.valueOf(
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()));
    }

    /** One room of all connections; what one says everybody hears. */
    private static final class Room implements SocketHandler {

        private final Map<EventLoop, List<Connection>> members = new ConcurrentHashMap<>();

        @Override
        public Future<Void> onConnect(Connection connection) {
            members.computeIfAbsent(connection.loop(), loop -> new ArrayList<>())
                    .add(connection);
            return Future.succeededFuture();
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            ByteBuf payload = ((BufferInternal) message.payload()).getByteBuf();
            ByteBuf frame = connection.framing().text(payload);
            frame.retain(members.size() - 1);
            members.forEach((loop, local) -> loop.execute(() -> {
                if (!local.isEmpty()) {
                    frame.retain(local.size());
                    local.forEach(member -> member.offer(frame));
                }
                frame.release();
            }));
        }

        @Override
        public void onDisconnect(Connection connection, @Nullable Throwable cause) {
            List<Connection> local = members.get(connection.loop());
            local.set(local.indexOf(connection), local.get(local.size() - 1));
            local.remove(local.size() - 1);
        }
    }

    private static final class Clients {

        private final long pid;
        private final int port;
        private final Selector selector = Selector.open();
        private final List<SocketChannel> open = new ArrayList<>();
        private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 20);

        Clients(long pid, int port) throws IOException {
            this.pid = pid;
            this.port = port;
        }

        void run(String[] args) throws Exception {
            int count = Integer.parseInt(args[1]);
            switch (args[0]) {
                case "idle" -> idle(count);
                case "fanout" -> fanOut(count, Integer.parseInt(args[2]));
                default -> connects(count);
            }
        }

        private void idle(int count) throws Exception {
            // The first thousand warm up what is allocated once.
            connect(1_000);
            long heap = heap();
            long resident = resident();
            connect(count);
            long moreHeap = heap() - heap;
            long moreResident = resident() - resident;
            System.out.printf(
                    "idle: %d connections, %d bytes of heap and %d bytes resident for each%n",
                    count, moreHeap / count, moreResident / count);
            if (System.getProperty("histogram") != null) {
                new ProcessBuilder("jcmd", String.valueOf(pid), "GC.class_histogram")
                        .inheritIO()
                        .start()
                        .waitFor();
            }
        }

        private void connects(int count) throws Exception {
            for (int round = 0; round < 4; round++) {
                long cpu = cpuMicros();
                for (int done = 0; done < count; done += 500) {
                    connect(500);
                    for (SocketChannel channel : open) {
                        channel.close();
                    }
                    selector.selectNow();
                    open.clear();
                }
                System.out.printf("connect: %.1f µs of CPU each%n", (double) (cpuMicros() - cpu) / count);
            }
        }

        private void fanOut(int members, int messages) throws Exception {
            connect(members);
            byte[] frame = RawSocket.frame(0x81, "x".repeat(PAYLOAD).getBytes(StandardCharsets.US_ASCII));
            for (SocketChannel channel : open) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            // A server frame has four bytes of header fewer mask bytes: two, and two of length above 125.
            long bytesEach = PAYLOAD + 4L;
            for (int window : new int[] {1, 1, 4, 4, 16, 16}) {
                long cpu = cpuMicros();
                long begin = System.nanoTime();
                long wanted = bytesEach * members * messages;
                long got = 0;
                int sent = 0;
                while (got < wanted) {
                    long whole = got / (bytesEach * members);
                    while (sent < messages && sent - whole < window) {
                        open.get(sent % members).write(ByteBuffer.wrap(frame));
                        sent++;
                    }
                    got += readSome();
                }
                double deliveries = (double) members * messages;
                System.out.printf(
                        "fanout: %d members, %d in flight: %.2f µs of CPU for a delivery, %.0f deliveries/s%n",
                        members,
                        window,
                        (cpuMicros() - cpu) / deliveries,
                        deliveries * 1e9 / (System.nanoTime() - begin));
            }
        }

        private long readSome() throws IOException {
            selector.select();
            long bytes = 0;
            for (SelectionKey key : selector.selectedKeys()) {
                in.clear();
                int read = ((SocketChannel) key.channel()).read(in);
                if (read < 0) {
                    throw new IOException("the server closed a connection");
                }
                bytes += read;
            }
            selector.selectedKeys().clear();
            return bytes;
        }

        private void connect(int count) throws IOException {
            byte[] request = RawSocket.upgrade("/ws/lobby").getBytes(StandardCharsets.US_ASCII);
            List<SocketChannel> wave = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.write(ByteBuffer.wrap(request));
                wave.add(channel);
                if (wave.size() == 100 || i == count - 1) {
                    for (SocketChannel each : wave) {
                        readHead(each);
                    }
                    open.addAll(wave);
                    wave.clear();
                }
            }
        }

        private void readHead(SocketChannel channel) throws IOException {
            in.clear();
            String head = "";
            while (!head.contains("\r\n\r\n")) {
                if (channel.read(in) < 0) {
                    throw new IOException("the server closed a connection");
                }
                head = StandardCharsets.ISO_8859_1.decode(in.duplicate().flip()).toString();
            }
        }

        private long heap() throws IOException {
            try (RawSocket http = new RawSocket(port)) {
                http.send("GET /memory HTTP/1.1\r\nHost: x\r\n\r\n");
                String head = http.head();
                int length = Integer.parseInt(head.split("content-length: ")[1].split("\r")[0]);
                return Long.parseLong(new String(http.socket.getInputStream().readNBytes(length)));
            }
        }

        private long resident() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            throw new IOException("no VmRSS");
        }

        private long cpuMicros() throws IOException {
            String[] stat = Files.readString(Path.of("/proc/" + pid + "/stat"))
                    .replaceAll("^.*\\) ", "")
                    .split(" ");
            // Fields 14 and 15, in ticks of 10 ms.
            return (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) * 10_000;
        }
    }
}
