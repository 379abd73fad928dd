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
        return authority(node.options().http().host(), node.port());
    }

    private static String authority(String host, int port) {
        if (host.equals("localhost")) {
            return "127.0.0.1:" + port;
        }
        boolean bare = host.contains(":") && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }

    /** What scripts wait for. */
    static void listening(Node node, Console console) {
        String host = node.options().http().host();
        console.line("WebSocket server listening on " + authority(node));
        node.tcpPort().ifPresent(port -> console.line("TCP server listening on " + authority(host, port)));
        node.packetPort().ifPresent(port -> console.line("WebSocket server listening on " + authority(host, port)));
        node.opsPort()
                .ifPresent(port -> console.line("Ops server listening on "
                        + authority(node.options().access().ops().host(), port)));
    }

    /** Warns of what is allowed and dangerous. */
    static void warn(NodeOptions options) {
        boolean dev = options.access().auth() == NodeOptions.Access.Auth.DEV;
        if (dev && options.access().insecure() && !options.http().isLoopback()) {
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
