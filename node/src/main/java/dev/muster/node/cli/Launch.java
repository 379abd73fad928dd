package dev.muster.node.cli;

import dev.muster.node.Node;
import dev.muster.node.NodeBuilder;
import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.NodeOptions;
import dev.muster.node.transport.ListenException;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import org.slf4j.LoggerFactory;

/** Starts nodes for a command, and puts into one sentence why it could not. */
final class Launch {

    private Launch() {}

    /**
     * Waits until the node accepts connections.
     *
     * @throws InvalidOption if its registry refuses its own options
     * @throws CompletionException if it could not start
     */
    static Node start(NodeBuilder builder) {
        Future<Node> start;
        try {
            start = builder.start();
        } catch (IllegalArgumentException invalid) {
            throw InvalidOption.of(invalid);
        }
        return start.toCompletionStage().toCompletableFuture().join();
    }

    /** Says why a node could not start. */
    static int failed(CompletionException failure, Console console) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof InvalidOption invalid) {
            throw invalid;
        }
        if (!(cause instanceof ListenException) && !(cause instanceof RegistryException)) {
            LoggerFactory.getLogger(Launch.class).error("The node could not start for a reason nobody foresaw", cause);
        }
        console.complain(cause.getMessage() == null ? cause.toString() : cause.getMessage());
        return ExitCode.FAILED;
    }

    /** Host and port as a URL has them; for {@code localhost} the address that every machine has. */
    static String authority(Node node) {
        return authority(node, node.port());
    }

    private static String authority(Node node, int port) {
        String host = node.options().http().host();
        if (host.equals("localhost")) {
            host = "127.0.0.1";
        } else if (host.contains(":") && !host.startsWith("[")) {
            host = "[" + host + "]";
        }
        return host + ":" + port;
    }

    /** What scripts wait for. */
    static void listening(Node node, Console console) {
        console.line("WebSocket server listening on " + authority(node));
        node.tcpPort().ifPresent(port -> console.line("TCP server listening on " + authority(node, port)));
        node.packetPort().ifPresent(port -> console.line("WebSocket server listening on " + authority(node, port)));
    }

    /** Warns of what is allowed and dangerous. */
    static void warn(NodeOptions options) {
        if (options.access().insecure() && !options.http().isLoopback()) {
            LoggerFactory.getLogger(Launch.class)
                    .warn(
                            "The node listens on {} and lets everybody in, as --insecure says",
                            options.http().host());
        }
        for (String proxy : options.http().trustedProxies()) {
            if (proxy.endsWith("/0")) {
                LoggerFactory.getLogger(Launch.class)
                        .warn(
                                "--trusted-proxies {} trusts everybody: any client can claim any address and host",
                                proxy);
            }
        }
    }
}
