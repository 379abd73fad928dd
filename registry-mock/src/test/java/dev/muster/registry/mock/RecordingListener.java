package dev.muster.registry.mock;

import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps the publications it hears, and a line for everything else. */
final class RecordingListener implements RegistryListener {

    private final List<Publication> publications = new CopyOnWriteArrayList<>();
    private final List<String> others = new CopyOnWriteArrayList<>();

    List<Publication> publications() {
        return publications;
    }

    List<String> others() {
        return others;
    }

    @Override
    public void onPublication(String group, Publication publication) {
        publications.add(publication);
    }

    @Override
    public void onBroadcast(Publication publication) {
        others.add("broadcast " + publication.payload());
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        others.add("send " + connectionId + " " + payload);
    }

    @Override
    public void onNodeUp(NodeId node) {
        others.add("up " + node.name());
    }

    @Override
    public void onNodeDown(NodeId node) {
        others.add("down " + node.name());
    }

    @Override
    public void onLinkReplaced() {
        others.add("link replaced");
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {
        others.add("unavailable");
    }

    @Override
    public void onRecovered() {
        others.add("recovered");
    }

    @Override
    public void onMembersReset(String group) {
        others.add("members reset " + group);
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        others.add("incarnation of " + now.name());
    }
}
