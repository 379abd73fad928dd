package dev.muster.registry.mock;

import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Passes on what it hears, but for what a subclass breaks. */
class ForwardingListener implements RegistryListener {

    final RegistryListener next;

    ForwardingListener(RegistryListener next) {
        this.next = next;
    }

    @Override
    public void onPublication(String group, Publication publication) {
        next.onPublication(group, publication);
    }

    @Override
    public void onBroadcast(Publication publication) {
        next.onBroadcast(publication);
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        next.onSend(connectionId, payload);
    }

    @Override
    public void onNodeUp(NodeId node) {
        next.onNodeUp(node);
    }

    @Override
    public void onNodeDown(NodeId node) {
        next.onNodeDown(node);
    }

    @Override
    public void onLinkReplaced() {
        next.onLinkReplaced();
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {
        next.onUnavailable(cause);
    }

    @Override
    public void onRecovered() {
        next.onRecovered();
    }

    @Override
    public void onMembersReset(String group) {
        next.onMembersReset(group);
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        next.onIncarnation(now, before);
    }
}
