package dev.muster.node.protocol;

import dev.muster.node.connection.Message;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Guesses from a frame's first bytes whether it is a JSON object of some type. Costs nothing worth mentioning for a
 * frame that is something else, and makes no object.
 */
public final class Glance {

    private Glance() {}

    /** A word to look for, in quotation marks as a JSON value has them. */
    public static byte[] quoted(String word) {
        return ('"' + word + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether a text message begins like an object and has a word early on.
     *
     * @param word as bytes, see {@link #quoted}
     * @param within how many of the first bytes are looked at
     */
    public static boolean at(Message message, byte[] word, int within) {
        Buffer bytes = message.payload();
        if (!message.isText() || bytes.length() == 0 || bytes.getByte(0) != '{') {
            return false;
        }
        int last = Math.min(bytes.length(), within) - word.length;
        for (int start = 1; start <= last; start++) {
            int at = 0;
            while (at < word.length && bytes.getByte(start + at) == word[at]) {
                at++;
            }
            if (at == word.length) {
                return true;
            }
        }
        return false;
    }
}
