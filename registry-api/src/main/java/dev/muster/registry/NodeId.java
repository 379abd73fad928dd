package dev.muster.registry;

import java.security.SecureRandom;
import java.util.Objects;

/**
 * One life of one node. A node that restarts, or that loses its lease and comes back, keeps its name and gets a new
 * incarnation, and counts as a different node everywhere.
 *
 * @param name the configured name, unique among live nodes of a namespace, 1 to 64 characters of
 *     {@code [A-Za-z0-9._-]}
 * @param incarnation 64 random bits, drawn at every start and after every fencing
 */
public record NodeId(String name, long incarnation) implements Comparable<NodeId> {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Longest accepted node name, in characters. */
    public static final int MAX_NAME = 64;

    public NodeId {
        Objects.requireNonNull(name, "name");
        if (!isName(name)) {
            throw new IllegalArgumentException("node name must be 1 to " + MAX_NAME
                    + " characters of A-Z a-z 0-9 . _ -, but is \"" + Limits.shown(name) + "\"");
        }
    }

    /** A new incarnation of the node {@code name}. */
    public static NodeId fresh(String name) {
        return new NodeId(name, RANDOM.nextLong());
    }

    /** Whether {@code name} may be a node's name. */
    public static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** Reads what {@link #toString()} wrote. */
    public static NodeId parse(String text) {
        int at = text.lastIndexOf('~');
        if (at < 1) {
            throw new IllegalArgumentException("not a node id: \"" + Limits.shown(text) + "\"");
        }
        return new NodeId(text.substring(0, at), Long.parseUnsignedLong(text.substring(at + 1), 16));
    }

    @Override
    public int compareTo(NodeId other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : Long.compareUnsigned(incarnation, other.incarnation);
    }

    /** {@code name~incarnation in hexadecimal}; {@code ~} cannot occur in a name. */
    @Override
    public String toString() {
        return name + '~' + Long.toHexString(incarnation);
    }
}
