package dev.muster.node.room;

import dev.muster.node.connection.Framing;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An encoder and a framing. Members with the same format get the same bytes.
 *
 * @param index counts the node's formats from 0, so that a delivery finds its frames without a map
 * @param encoder turns events into payloads
 * @param framing turns payloads into frames
 */
record Format(int index, Encoder encoder, Framing framing) {

    /** The formats in use on a node: a handful, seldom added to and never removed. */
    static final class Formats {

        private final List<Format> all = new CopyOnWriteArrayList<>();

        Format of(Encoder encoder, Framing framing) {
            Format known = find(encoder, framing);
            if (known != null) {
                return known;
            }
            synchronized (this) {
                Format raced = find(encoder, framing);
                if (raced != null) {
                    return raced;
                }
                Format added = new Format(all.size(), encoder, framing);
                all.add(added);
                return added;
            }
        }

        private @Nullable Format find(Encoder encoder, Framing framing) {
            for (Format format : all) {
                if (format.encoder == encoder && format.framing == framing) {
                    return format;
                }
            }
            return null;
        }
    }
}
