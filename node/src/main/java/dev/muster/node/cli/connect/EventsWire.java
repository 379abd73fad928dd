package dev.muster.node.cli.connect;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** JSON frames with channels; all of them are subscribed to. */
final class EventsWire implements Wire {

    private final String room;
    private final @Nullable String name;

    EventsWire(String room, @Nullable String name) {
        this.room = room;
        this.name = name;
    }

    @Override
    public String path(String room) {
        return "/ws";
    }

    @Override
    public Map<String, String> query() {
        return Map.of("room", room, "events", "all");
    }

    @Override
    public List<Frame> opening() {
        return name == null
                ? List.of()
                : List.of(publish("client.setUsername", new JsonObject().put("username", name)));
    }

    @Override
    public Frame typed(String line) {
        return publish("client.message", new JsonObject().put("message", line));
    }

    private static Frame publish(String channel, JsonObject payload) {
        return Frame.text(new JsonObject()
                .put("type", "publish")
                .put("channel", channel)
                .put("payload", payload)
                .put("messageId", UUID.randomUUID().toString())
                .encode());
    }

    @Override
    public void received(Frame frame, Output output) {
        JsonObject object = frame.isText() ? Objects.of(frame.text()) : null;
        String shown = object != null && object.getValue("payload") instanceof JsonObject payload
                ? shown(Objects.text(object, "channel"), payload)
                : null;
        output.print(shown != null ? shown : frame.isText() ? frame.text() : Visible.bytes(frame.payload()));
    }

    private static @Nullable String shown(String channel, JsonObject payload) {
        return switch (channel) {
            case "server.message", "broadcast" ->
                "[" + Objects.text(payload, "from") + "]: " + Objects.text(payload, "message");
            case "server.userJoined", "user.joined" -> "* " + Objects.text(payload, "username") + " joined";
            case "server.userLeft", "user.left" -> "* " + Objects.text(payload, "username") + " left";
            case "server.notification", "notification" ->
                "* " + Objects.text(payload, "type") + ": " + Objects.text(payload, "title") + ": "
                        + Objects.text(payload, "message");
            case "server.error" ->
                "! " + Objects.text(payload, "code") + ": " + Objects.text(payload, "message")
                        + (payload.getValue("issues") instanceof JsonArray issues && !issues.isEmpty()
                                ? " " + issues.encode()
                                : "");
            default -> null;
        };
    }
}
