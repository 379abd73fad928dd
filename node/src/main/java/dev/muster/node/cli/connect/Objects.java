package dev.muster.node.cli.connect;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** JSON objects from a server that may send anything. */
final class Objects {

    private Objects() {}

    /** The object that a text is; null if it is none. */
    static @Nullable JsonObject of(String text) {
        if (!text.startsWith("{")) {
            return null;
        }
        try {
            return new JsonObject(text);
        } catch (DecodeException notJson) {
            return null;
        }
    }

    /** A member as text; empty if there is none. */
    static String text(JsonObject object, String member) {
        Object value = object.getValue(member);
        return value == null ? "" : value.toString();
    }
}
