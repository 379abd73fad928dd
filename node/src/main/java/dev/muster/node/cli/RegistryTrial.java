package dev.muster.node.cli;

import dev.muster.node.config.NodeOptions;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One connection that joins a room nobody else is in, says something, and hears it. */
final class RegistryTrial {

    /** A registry may have to start a member of a cluster and look for the others. */
    private static final Duration START = Duration.ofSeconds(30);

    private final ConnectionRegistry registry;
    private final NodeOptions options;
    private final String group;
    private final CompletableFuture<Publication> heard = new CompletableFuture<>();
    private String stage = "reaching it";
    private String outcome = "was not tried";

    RegistryTrial(ConnectionRegistry registry, NodeOptions options) {
        this.registry = registry;
        this.options = options;
        this.group = options.nodeId();
    }

    /** What happened, to follow the registry's name. */
    String outcome() {
        return outcome;
    }

    /** Returns whether everything worked. */
    boolean run() {
        try {
            await(registry.start(new Ears()), START);
            outcome = "works; " + talk();
            return true;
        } catch (ExecutionException failure) {
            outcome = "does not work; " + stage + " failed: " + reason(failure);
        } catch (TimeoutException late) {
            outcome = "does not work; " + stage + " took longer than it may";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            outcome = "was interrupted while " + stage;
        } finally {
            close();
        }
        return false;
    }

    private String talk() throws ExecutionException, TimeoutException, InterruptedException {
        Duration limit = options.cluster().timings().operationTimeout().multipliedBy(2);
        String connection = options.nodeId();
        stage = "registering a connection";
        await(
                registry.register(new ConnectionRecord(
                        connection, registry.self(), "websocket", null, null, "check", Instant.now())),
                limit);
        stage = "joining a room";
        await(registry.watch(group), limit);
        await(registry.join(connection, group, GroupPolicy.DEFAULT), limit);
        stage = "publishing";
        long began = System.nanoTime();
        await(registry.publish(group, Draft.text(connection, "check"), GroupPolicy.DEFAULT), limit);
        stage = "delivery of what was published";
        heard.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        int others = registry.nodes().size() - 1;
        return "joined cluster " + options.cluster().namespace() + " beside " + others
                + (others == 1 ? " other node" : " other nodes") + ", and a message came back after " + millis + " ms";
    }

    private void close() {
        try {
            await(registry.close(), START);
        } catch (ExecutionException | TimeoutException late) {
            outcome += "; leaving the cluster did not finish, its lease runs out by itself";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> void await(Future<T> future, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String reason(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause.getMessage() == null ? "unknown" : cause.getMessage();
    }

    /** Listens for the one message. */
    private final class Ears implements RegistryListener {
        @Override
        public void onPublication(String group, Publication publication) {
            if (publication.kind() == Publication.Kind.MESSAGE) {
                heard.complete(publication);
            }
        }

        @Override
        public void onBroadcast(Publication publication) {}

        @Override
        public void onSend(String connectionId, Buffer payload) {}

        @Override
        public void onNodeUp(NodeId node) {}

        @Override
        public void onNodeDown(NodeId node) {}

        @Override
        public void onLinkReplaced() {}

        @Override
        public void onUnavailable(@Nullable Throwable cause) {}

        @Override
        public void onRecovered() {}

        @Override
        public void onMembersReset(String group) {}

        @Override
        public void onIncarnation(NodeId now, NodeId before) {}
    }
}
