package dev.muster.node.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real redis-server on a port of its own, that can go and come back empty. */
final class Redis implements AutoCloseable {

    private final int port = freePort();
    private RedisServer server;

    Redis() {
        start();
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    void start() {
        server = RedisServer.builder()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
    }

    /** Ends it, with all it knew. */
    void stop() {
        server.stop();
    }

    @Override
    public void close() {
        stop();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
