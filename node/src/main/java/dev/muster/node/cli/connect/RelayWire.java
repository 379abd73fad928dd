package dev.muster.node.cli.connect;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Frames as they are. */
class RelayWire implements Wire {

    private final @Nullable String name;

    RelayWire(@Nullable String name) {
        this.name = name;
    }

    @Override
    public String path(String room) {
        return "/ws/" + Query.encoded(room);
    }

    @Override
    public Map<String, String> query() {
        Map<String, String> query = new HashMap<>();
        if (name != null) {
            query.put("user_id", name);
        }
        return query;
    }

    @Override
    public Frame typed(String line) {
        return Frame.text(line);
    }

    @Override
    public void received(Frame frame, Output output) {
        output.print(frame.isText() ? shown(frame.text()) : Visible.bytes(frame.payload()));
    }

    private static String shown(String text) {
        JsonObject object = Objects.of(text);
        if (object != null && object.getValue("from") instanceof String from) {
            if (object.getValue("text") instanceof String said) {
                return "[" + from + "]: " + said;
            }
        }
        return text;
    }
}
