package dev.muster.node.ops;

import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the probe see what was delivered.
 *
 * @param behind does the work
 * @param probe looks at each publication afterwards
 */
record ProbedListener(RegistryListener behind, LatencyProbe probe) implements RegistryListener {

    @Override
    public void onPublication(String group, Publication publication) {
        behind.onPublication(group, publication);
        probe.delivered(group, publication);
    }

    @Override
    public void onBroadcast(Publication publication) {
        behind.onBroadcast(publication);
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        behind.onSend(connectionId, payload);
    }

    @Override
    public void onNodeUp(NodeId node) {
        behind.onNodeUp(node);
    }

    @Override
    public void onNodeDown(NodeId node) {
        behind.onNodeDown(node);
    }

    @Override
    public void onLinkReplaced() {
        behind.onLinkReplaced();
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {
        behind.onUnavailable(cause);
    }

    @Override
    public void onRecovered() {
        behind.onRecovered();
    }

    @Override
    public void onMembersReset(String group) {
        behind.onMembersReset(group);
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        behind.onIncarnation(now, before);
    }
}
