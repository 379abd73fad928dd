package dev.muster.node.config;

import org.jspecify.annotations.Nullable;

/**
 * The port for those who run the node.
 *
 * @param host an address or a name, as for the node's own port
 * @param port 0 for any that is free; null for none
 */
public record OpsOptions(String host, @Nullable Integer port) {

    static final Range<Integer> PORT = new Range<>("ops-port", 0, 65_535);

    /** None. */
    public static final OpsOptions DEFAULT = new OpsOptions("localhost", null);

    public OpsOptions {
        if (port != null) {
            PORT.check(port);
        }
    }
}
