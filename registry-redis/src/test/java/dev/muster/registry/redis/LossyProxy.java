package dev.muster.registry.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a node and the server, and understands just enough of what the server says to lose publications
 * without a trace, or to let one of the two connections stand still.
 */
final class LossyProxy implements AutoCloseable {

    private final int serverPort;
    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean losing;
    private volatile boolean stalled;

    LossyProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        run("accept", this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    /** Whether publications of groups vanish; what goes over a node's own channel does not, so nothing notices. */
    void lose(boolean losing) {
        this.losing = losing;
    }

    /** Whether the connections that subscribe bring nothing at all any more, with the sockets left open. */
    void stallSubscribers(boolean stalled) {
        this.stalled = stalled;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | UncheckedIOException closed) {
                        // The end of a connection ends its threads.
                        Thread.currentThread().interrupt();
                    }
                },
                "proxy " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket node = listening.accept();
            sockets.add(node);
            Socket server;
            try {
                server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            } catch (IOException down) {
                node.close();
                continue;
            }
            sockets.add(server);
            node.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            run("to server", () -> copy(node, server));
            run("to node", () -> filter(server, node));
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private void filter(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = new BufferedInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            while (read(in, reply)) {
                boolean push = reply.toByteArray()[0] == '>';
                if (!(push && (stalled || losing && isPublication(reply.toByteArray())))) {
                    out.write(reply.toByteArray());
                    out.flush();
                }
                reply.reset();
            }
        }
    }

    private static boolean isPublication(byte[] push) {
        String text = new String(push, StandardCharsets.ISO_8859_1);
        return text.startsWith(">3\r\n$7\r\nmessage\r\n") && text.contains("}m:");
    }

    /** Copies one reply with all it contains; false at the end of the stream. */
    private static boolean read(InputStream in, ByteArrayOutputStream reply) throws IOException {
        int kind = in.read();
        if (kind < 0) {
            return false;
        }
        reply.write(kind);
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return false;
            }
            reply.write(next);
            line.append((char) next);
        }
        reply.write('\n');
        String rest = line.toString().strip();
        return switch (kind) {
            case '$', '=', '!' -> {
                int length = Integer.parseInt(rest);
                if (length >= 0) {
                    reply.write(in.readNBytes(length + 2));
                }
                yield true;
            }
            case '*', '>', '~' -> readAll(in, reply, Integer.parseInt(rest));
            case '%', '|' -> readAll(in, reply, 2 * Integer.parseInt(rest));
            default -> true;
        };
    }

    private static boolean readAll(InputStream in, ByteArrayOutputStream reply, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            if (!read(in, reply)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
