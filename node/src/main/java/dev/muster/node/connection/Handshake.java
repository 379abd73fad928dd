package dev.muster.node.connection;

import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a connection came in. For raw TCP path and query are empty.
 *
 * @param path as sent, before percent-decoding, without the query
 * @param parameters the decoded parameters of the route's pattern
 * @param query decoded query parameters that have a value; the first of each name. Empty values count as absent
 * @param authorization the {@code Authorization} header; never logged
 * @param remoteAddress the client's address without a port; behind a trusted proxy what the proxy says
 */
public record Handshake(
        String path,
        Map<String, String> parameters,
        Map<String, String> query,
        @Nullable String authorization,
        String remoteAddress) {

    public Handshake {
        parameters = Map.copyOf(parameters);
        query = Map.copyOf(query);
    }

    /** A path parameter of the route's pattern. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no parameter {" + name + "}, but " + parameters.keySet());
        }
        return value;
    }

    /** The first non-empty value of each name in {@code all}. */
    public static Map<String, String> present(MultiMap all) {
        Map<String, String> present = new HashMap<>();
        all.forEach((name, value) -> {
            if (!value.isEmpty()) {
                present.putIfAbsent(name, value);
            }
        });
        return present;
    }

    /** Without tokens: a handshake may end up in a log. */
    @Override
    public String toString() {
        return "Handshake[" + path + " from " + remoteAddress + "]";
    }
}
