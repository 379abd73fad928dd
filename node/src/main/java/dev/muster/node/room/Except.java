package dev.muster.node.room;

import dev.muster.registry.Draft;
import dev.muster.registry.Publication;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Who is left out of a message. They travel with it in a header, so they are few. */
public final class Except {

    /** Connections that one message can leave out: as many ids fit into the headers of a draft. */
    public static final int MAX = 128;

    private static final String HEADER = "x";

    private Except() {}

    /**
     * {@code draft} for all but these connections.
     *
     * @throws IllegalArgumentException if they are more than {@link #MAX}
     */
    public static Draft in(Draft draft, Set<String> connectionIds) {
        if (connectionIds.size() > MAX) {
            throw new IllegalArgumentException("at most " + MAX
                    + " connections can be left out of a message, but these are " + connectionIds.size());
        }
        if (connectionIds.isEmpty()) {
            return draft;
        }
        Map<String, String> headers = new HashMap<>(draft.headers());
        headers.put(HEADER, String.join(",", connectionIds));
        return draft.withHeaders(headers);
    }

    /** Whom {@code message} leaves out; usually nobody. */
    public static Set<String> of(Publication message) {
        String except = message.headers().get(HEADER);
        return except == null ? Set.of() : Set.of(except.split(",", -1));
    }
}
