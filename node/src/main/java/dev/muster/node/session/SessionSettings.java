package dev.muster.node.session;

import java.time.Duration;

/**
 * How patient a session is.
 *
 * @param ttl how long after its socket broke it can be resumed
 * @param resendAfter without an acknowledgement for so long, everything not acknowledged is sent again
 * @param resendRounds after so many times without any progress the socket is closed
 * @param maxUnacked messages that may wait for an acknowledgement; one more closes the socket
 * @param maxUnackedBytes bytes of theirs; a single message may have more
 */
public record SessionSettings(
        Duration ttl, Duration resendAfter, int resendRounds, int maxUnacked, int maxUnackedBytes) {

    /** 30 s to come back; again after 5 s, 3 times; 1,000 messages or 1 MiB. */
    public static final SessionSettings DEFAULT =
            new SessionSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 1_000, 1 << 20);

    /** The same with another time to come back. */
    public SessionSettings withTtl(Duration ttl) {
        return new SessionSettings(ttl, resendAfter, resendRounds, maxUnacked, maxUnackedBytes);
    }
}
