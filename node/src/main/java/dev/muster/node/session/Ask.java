package dev.muster.node.session;

import dev.muster.node.connection.Handshake;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants beside being let in, as it wrote it.
 *
 * @param ack whether it acknowledges messages
 * @param resume the token of the session it goes on with; null for a new one
 * @param history how many of the newest messages it wants first; null for none
 * @param since the position after which it wants all messages; null for none
 */
public record Ask(
        boolean ack,
        @Nullable String resume,
        @Nullable String history,
        @Nullable String since) {

    /** The query parameter that asks for acknowledgements. */
    public static final String ACK = "ack";

    /** Of a request. A token counts only with acknowledgements. */
    public static Ask of(Handshake handshake) {
        boolean ack = "true".equals(handshake.query().get(ACK));
        return new Ask(
                ack,
                ack ? handshake.query().get("resume") : null,
                handshake.query().get("history"),
                handshake.query().get("since"));
    }

    /** Whether it wants messages from before its join. */
    public boolean wantsHistory() {
        return history != null || since != null;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Ask[ack=" + ack + ", history=" + history + ", since=" + since + "]";
    }
}
