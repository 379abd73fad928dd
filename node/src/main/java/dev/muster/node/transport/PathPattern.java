package dev.muster.node.transport;

import dev.muster.node.connection.Refusal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A path whose segments are literal or a parameter, {@code /ws/chat/{room}}. */
public final class PathPattern {

    /** Fits every path, and has no parameters. */
    static final PathPattern ANY = new PathPattern("/");

    private final String[] segments;
    /** The parameter's name for each segment that is one, else null. */
    private final @Nullable String[] names;

    public PathPattern(String pattern) {
        this.segments = split(pattern);
        this.names = new String[segments.length];
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (isParameter(segment)) {
                names[i] = segment.substring(1, segment.length() - 1);
            } else if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
                throw new IllegalArgumentException(
                        "a segment of a path pattern is a word or {parameter}, but \"" + pattern + "\" has " + segment);
            }
        }
    }

    public static String[] split(String path) {
        return path.substring(1).split("/", -1);
    }

    static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    public boolean matches(String[] path) {
        if (this == ANY) {
            return true;
        }
        if (path.length != segments.length) {
            return false;
        }
        for (int i = 0; i < path.length; i++) {
            if (names[i] == null && !segments[i].equals(path[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * The decoded parameters of a path that matches.
     *
     * @throws Refusal 400 if one cannot be decoded or is empty
     */
    public Map<String, String> parameters(String path) {
        if (this == ANY) {
            return Map.of();
        }
        String[] values = split(path);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            String name = names[i];
            if (name != null) {
                if (values[i].isEmpty()) {
                    throw Refusal.badRequest(name, "must not be empty");
                }
                try {
                    parameters.put(name, PercentDecoding.segment(values[i]));
                } catch (IllegalArgumentException undecodable) {
                    throw Refusal.badRequest(name, String.valueOf(undecodable.getMessage()));
                }
            }
        }
        return parameters;
    }

    private static boolean isParameter(String segment) {
        return segment.length() > 2 && segment.startsWith("{") && segment.endsWith("}");
    }
}
