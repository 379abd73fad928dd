package dev.muster.registry.tck;

import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A forked node's listener: writes each call as a line, which {@link #tell} turns into the call again. */
final class RemoteEvents implements RegistryListener {

    private final Consumer<JsonObject> link;

    RemoteEvents(Consumer<JsonObject> link) {
        this.link = link;
    }

    static void tell(RegistryListener listener, JsonObject line) {
        String event = line.getString("event");
        switch (event) {
            case "publication" -> listener.onPublication(line.getString("group"), publication(line));
            case "broadcast" -> listener.onBroadcast(publication(line));
            case "send" -> listener.onSend(line.getString("id"), Wire.bytes(line));
            case "nodeUp" -> listener.onNodeUp(node(line, "node"));
            case "nodeDown" -> listener.onNodeDown(node(line, "node"));
            case "linkReplaced" -> listener.onLinkReplaced();
            case "unavailable" -> listener.onUnavailable(new IllegalStateException(line.getString("cause")));
            case "recovered" -> listener.onRecovered();
            case "membersReset" -> listener.onMembersReset(line.getString("group"));
            case "incarnation" -> listener.onIncarnation(node(line, "now"), node(line, "before"));
            default -> throw new IllegalStateException("unknown event " + event);
        }
    }

    private static Publication publication(JsonObject line) {
        return Wire.publication(line.getJsonObject("publication"));
    }

    private static NodeId node(JsonObject line, String field) {
        return NodeId.parse(line.getString(field));
    }

    private static JsonObject event(String name) {
        return new JsonObject().put("event", name);
    }

    @Override
    public void onPublication(String group, Publication publication) {
        link.accept(event("publication").put("group", group).put("publication", Wire.publication(publication)));
    }

    @Override
    public void onBroadcast(Publication publication) {
        link.accept(event("broadcast").put("publication", Wire.publication(publication)));
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        link.accept(event("send").put("id", connectionId).put("payload", payload));
    }

    @Override
    public void onNodeUp(NodeId node) {
        link.accept(event("nodeUp").put("node", node.toString()));
    }

    @Override
    public void onNodeDown(NodeId node) {
        link.accept(event("nodeDown").put("node", node.toString()));
    }

    @Override
    public void onLinkReplaced() {
        link.accept(event("linkReplaced"));
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {
        link.accept(event("unavailable").put("cause", String.valueOf(cause)));
    }

    @Override
    public void onRecovered() {
        link.accept(event("recovered"));
    }

    @Override
    public void onMembersReset(String group) {
        link.accept(event("membersReset").put("group", group));
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        link.accept(event("incarnation").put("now", now.toString()).put("before", before.toString()));
    }
}
