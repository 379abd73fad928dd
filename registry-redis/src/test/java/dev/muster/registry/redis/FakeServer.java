package dev.muster.registry.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Something that listens but is no server for us: an old one, or one of another protocol. */
final class FakeServer implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final String version;

    /** @param version of Redis, or null for a web server */
    FakeServer(String version) throws IOException {
        this.version = version;
        Thread thread = new Thread(this::accept, "fake server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "fake connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = answer(line);
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        } catch (IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private String answer(String line) {
        if (version == null) {
            return line.startsWith("*") ? "HTTP/1.1 400 Bad Request\r\n\r\n" : "";
        }
        String info = "# Server\r\nredis_version:" + version + "\r\nrun_id:abc\r\n";
        return switch (line.toUpperCase(java.util.Locale.ROOT)) {
            case "HELLO" -> "%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n";
            case "INFO" -> "$" + info.length() + "\r\n" + info + "\r\n";
            default -> "";
        };
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
