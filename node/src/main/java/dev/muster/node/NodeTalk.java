package dev.muster.node;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.Publication;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes tell one another, over the registry's broadcasts. A broadcast without a subject is for all connections; one
 * with a subject is for the part of each node that listens to it, and no client ever sees it. Any thread.
 */
final class NodeTalk {

    private static final Logger LOG = LoggerFactory.getLogger(NodeTalk.class);

    /** The header that names the subject. Drafts that carry what clients said never have it. */
    private static final String SUBJECT = "node-talk";

    private final ConnectionRegistry registry;
    private final Map<String, Consumer<Buffer>> listeners = new ConcurrentHashMap<>();

    NodeTalk(ConnectionRegistry registry) {
        this.registry = registry;
    }

    /** From now on hears what any node, this one included, tells under a subject. */
    void listen(String subject, Consumer<Buffer> listener) {
        listeners.put(subject, listener);
    }

    /** Tells all nodes, at most once. */
    Future<Void> tell(String subject, Buffer what) {
        return registry.publishAll(
                new Draft(null, ContentType.BINARY, what, Map.of(SUBJECT, subject), true, null, null));
    }

    /** Hands on a broadcast; false if it is for connections. */
    boolean hear(Publication broadcast) {
        String subject = broadcast.headers().get(SUBJECT);
        if (subject == null) {
            return false;
        }
        Consumer<Buffer> listener = listeners.get(subject);
        if (listener == null) {
            LOG.debug("Another node speaks of something this one does not know: {}", subject);
        } else {
            listener.accept(broadcast.payload());
        }
        return true;
    }
}
