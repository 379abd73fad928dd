package dev.muster.node.session;

import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;

/** What nodes tell each other about sessions. */
final class Notes {

    private static final String LEAVE = "leave ";

    private Notes() {}

    /**
     * Somebody wants to go on with the session of this connection elsewhere: write down where it stands, and let it go.
     *
     * @param claim under which it was found. Whoever holds it under a later one took it over since then, perhaps from
     *     the same holder, and keeps it: of two who ask at once the slower one would else put out the faster one
     */
    static Buffer leave(long claim) {
        return Buffer.buffer(LEAVE + claim);
    }

    /** The claim in what {@link #leave} made; empty if it is anything else, of a later version for example. */
    static OptionalLong claimToLeave(Buffer note) {
        String text = note.toString();
        if (!text.startsWith(LEAVE)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.substring(LEAVE.length())));
        } catch (NumberFormatException other) {
            return OptionalLong.empty();
        }
    }
}
