package dev.muster.node.transport;

import java.time.Duration;

/**
 * How long a connection may keep us waiting. Checked in steps of an eighth of the shortest of them, at most half a second.
 *
 * @param ping a ping is sent this often, the first at a random moment of its second half
 * @param idle without any frame for this long, pongs included, the client is closed with 4004
 * @param message a message must be here within this time of its first byte
 * @param close for the client's close frame after ours; then the socket is cut
 */
public record SocketTimeouts(Duration ping, Duration idle, Duration message, Duration close) {

    /** Ping each 25 s, 4004 after 60 s of silence, 30 s for a message, 5 s for a close. */
    public static final SocketTimeouts DEFAULT = new SocketTimeouts(
            Duration.ofSeconds(25), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(5));

    public SocketTimeouts {
        OptionCheck.positive("ping", ping);
        OptionCheck.positive("idle", idle);
        OptionCheck.positive("message", message);
        OptionCheck.positive("close", close);
    }
}
