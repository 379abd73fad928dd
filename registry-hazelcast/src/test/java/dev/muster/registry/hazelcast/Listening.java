package dev.muster.registry.hazelcast;

import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Keeps what it is told, in order, as words. */
final class Listening implements RegistryListener {

    final Queue<String> told = new ConcurrentLinkedQueue<>();

    @Override
    public void onPublication(String group, Publication publication) {
        told.add(group + " " + publication.payload());
    }

    @Override
    public void onBroadcast(Publication publication) {
        told.add("all " + publication.payload());
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        told.add("to " + connectionId + " " + payload);
    }

    @Override
    public void onNodeUp(NodeId node) {
        told.add("up " + node.name());
    }

    @Override
    public void onNodeDown(NodeId node) {
        told.add("down " + node.name());
    }

    @Override
    public void onLinkReplaced() {
        told.add("link replaced");
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {
        told.add("unavailable");
    }

    @Override
    public void onRecovered() {
        told.add("recovered");
    }

    @Override
    public void onMembersReset(String group) {
        told.add("members reset " + group);
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        told.add("incarnation");
    }
}
