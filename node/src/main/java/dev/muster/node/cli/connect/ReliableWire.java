package dev.muster.node.cli.connect;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Another wire with reliable delivery: messages are acknowledged, and a session goes on where it was cut. */
final class ReliableWire implements Wire {

    private final Wire inner;
    private @Nullable String resume;
    private long newest;

    ReliableWire(Wire inner) {
        this.inner = inner;
    }

    @Override
    public String path(String room) {
        return inner.path(room);
    }

    @Override
    public Map<String, String> query() {
        Map<String, String> query = new HashMap<>(inner.query());
        query.put("ack", "true");
        if (resume != null) {
            query.put("resume", resume);
        }
        return query;
    }

    @Override
    public List<Frame> opening() {
        return inner.opening();
    }

    @Override
    public Frame typed(String line) {
        return inner.typed(line);
    }

    @Override
    public void received(Frame frame, Output output) {
        JsonObject object = frame.isText() ? Objects.of(frame.text()) : null;
        if (object != null && object.getValue("resume") instanceof String token) {
            if (!token.equals(resume)) {
                newest = 0;
            }
            resume = token;
            if (Boolean.FALSE.equals(object.getValue("recovered"))) {
                output.print("! some messages were lost");
            }
        }
        if (object != null
                && "MESSAGE".equals(object.getValue("type"))
                && object.getValue("id") instanceof Number id
                && object.getValue("payload") instanceof String payload) {
            message(object, id.longValue(), payload, output);
        } else {
            inner.received(frame, output);
        }
    }

    private void message(JsonObject object, long id, String payload, Output output) {
        if (id > newest) {
            // Else it is here already, and the acknowledgement was what got lost.
            newest = id;
            String from = Objects.text(object, "from");
            if ("binary".equals(object.getValue("contentType"))) {
                output.print("[" + from + "]: " + Visible.bytes(decoded(payload)));
            } else {
                output.print("[" + from + "]: " + payload);
            }
        }
        output.send(
                Frame.text(new JsonObject().put("type", "ACK").put("id", newest).encode()));
    }

    private static Buffer decoded(String base64) {
        try {
            return Buffer.buffer(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Buffer.buffer(base64);
        }
    }
}
