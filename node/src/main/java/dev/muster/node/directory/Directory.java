package dev.muster.node.directory;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.node.room.Except;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Sender;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.Limits;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of this node, of every protocol; each is registered in the cluster's registry while it is open.
 * All methods may be called from any thread.
 */
public final class Directory {

    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

    /** A connection, and when the cluster knows it. */
    private static final class Entry {
        final Connection connection;
        volatile Future<Void> registered = Future.succeededFuture();
        /** Guarded by this: whoever registers must not come after who unregisters. */
        boolean closed;

        Entry(Connection connection) {
            this.connection = connection;
        }
    }

    private final ConnectionRegistry registry;
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    /** Those the cluster could not be told of, to be tried again. */
    private final Queue<Entry> untold = new ConcurrentLinkedQueue<>();

    /** Who takes broadcasts of a form; the others go to every connection as they are. */
    private final Map<String, Consumer<Publication>> listeners = new ConcurrentHashMap<>();

    private volatile boolean draining;
    private volatile BiConsumer<Connection, Buffer> notes = (connection, note) -> {};

    public Directory(ConnectionRegistry registry) {
        this.registry = registry;
    }

    // ---- connections come and go ----

    /**
     * A connection was opened. Registering it is started at once and not waited for: what is asked of the registry for
     * this connection afterwards comes after it (R05).
     */
    public void add(Connection connection) {
        Entry entry = new Entry(connection);
        if (entries.putIfAbsent(connection.id(), entry) != null) {
            throw new IllegalStateException("connection id " + connection.id() + " exists already");
        }
        register(entry);
    }

    /** Completes when the cluster knows the connection; fails if it could not be told, or if there is none. */
    public Future<Void> registered(Connection connection) {
        Entry entry = entries.get(connection.id());
        return entry == null ? Future.failedFuture("connection " + connection.id() + " is closed") : entry.registered;
    }

    /** A connection is somebody else now: the cluster is told of it again. */
    public void update(Connection connection) {
        Entry entry = entries.get(connection.id());
        if (entry != null) {
            register(entry);
        }
    }

    /** Whether the connection is here under its id, and not one that took the id over from it. */
    public boolean holds(Connection connection) {
        Entry entry = entries.get(connection.id());
        return entry != null && entry.connection == connection;
    }

    /**
     * A connection was closed: it leaves all its groups, and the cluster forgets it.
     *
     * @param said what the cluster is to know before that
     */
    public void remove(Connection connection, Future<?> said) {
        String id = connection.id();
        Entry entry = entries.get(id);
        if (entry == null || entry.connection != connection || !entries.remove(id, entry)) {
            return;
        }
        synchronized (entry) {
            entry.closed = true;
        }
        if (!draining) {
            said.transform(answered -> registry.unregister(id))
                    .onFailure(cause -> LOG.debug("A closed connection could not be unregistered", cause));
        }
    }

    /**
     * A connection continues another one, which is closed, here or on another node: it goes on under that one's id.
     * What the cluster knows under this id, memberships for example, goes over to it as it asks for the same.
     * On the connection's loop.
     */
    public void takeOver(Connection connection, String id) {
        remove(connection, Future.succeededFuture());
        connection.adopt(id);
        Entry entry = new Entry(connection);
        Entry before = entries.put(id, entry);
        if (before != null) {
            synchronized (before) {
                before.closed = true;
            }
        }
        register(entry);
    }

    /**
     * A connection is about to be continued under its id, by one of another node or of this one: it is not known here
     * any more, but the cluster is not told, so that nobody sees it leave. If nobody comes, {@link #settle} tells.
     */
    public void handOver(Connection connection) {
        Entry entry = entries.get(connection.id());
        if (entry != null && entry.connection == connection && entries.remove(connection.id(), entry)) {
            synchronized (entry) {
                entry.closed = true;
            }
        }
    }

    /** Ends what this node still has in the cluster under an id that was handed over, unless it came back here. */
    public void settle(String connectionId) {
        entries.compute(connectionId, (id, present) -> {
            // Within the change of the entry: who takes the id over here registers it after this, or before it is seen.
            if (present == null && !draining) {
                registry.unregister(id)
                        .onFailure(cause -> LOG.debug("A connection that went elsewhere could not be let go", cause));
            }
            return present;
        });
    }

    /** Tells the cluster of connections that it could not be told of before. To be called each second or so. */
    public void registerAgain() {
        for (int left = untold.size(); left > 0; left--) {
            Entry entry = untold.poll();
            if (entry != null) {
                register(entry);
            }
        }
    }

    /** From now on closed connections are not unregistered one by one: closing the registry gives them all up. */
    public void drain() {
        draining = true;
    }

    private void register(Entry entry) {
        synchronized (entry) {
            if (!entry.closed) {
                entry.registered = register(entry.connection);
            }
        }
        entry.registered.onFailure(cause -> {
            if (cause instanceof RegistryException failure && failure.retryable()) {
                untold.add(entry);
            } else if (!draining) {
                LOG.warn("Connection {} cannot be registered, nobody else sees it", entry.connection.id(), cause);
            }
        });
    }

    private Future<Void> register(Connection connection) {
        Sender self = Sender.of(connection);
        try {
            return registry.register(new ConnectionRecord(
                    connection.id(),
                    registry.self(),
                    connection.transport(),
                    self.user(),
                    self.clientId(),
                    self.displayName(),
                    connection.connectedAt()));
        } catch (IllegalArgumentException tooLarge) {
            return Future.failedFuture(tooLarge);
        }
    }

    // ---- this node's own ----

    /** The connection, if this node holds it. */
    public Optional<Connection> find(String connectionId) {
        Entry entry = entries.get(connectionId);
        return entry == null ? Optional.empty() : Optional.of(entry.connection);
    }

    /** The connections of this node that {@code wanted} accepts, in no particular order. */
    public Collection<Connection> filter(Predicate<Connection> wanted) {
        List<Connection> found = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (wanted.test(entry.connection)) {
                found.add(entry.connection);
            }
        }
        return found;
    }

    /** The name of this node. */
    public String node() {
        return registry.self().name();
    }

    /** How many connections this node holds. */
    public int count() {
        return entries.size();
    }

    // ---- to one connection, wherever it is ----

    /**
     * Hands a connection a message: at most once, no receipt.
     *
     * @return whether somebody holds the connection
     */
    public Future<Boolean> send(String connectionId, ContentType contentType, Buffer payload) {
        return send(connectionId, new Envelope.Deliver(contentType, payload));
    }

    /**
     * Closes a connection.
     *
     * @return whether somebody holds the connection
     */
    public Future<Boolean> disconnect(String connectionId, CloseReason reason) {
        return send(connectionId, new Envelope.Close(reason));
    }

    /**
     * Hands the node that holds a connection a note about it, see {@link #onNote}: at most once, no receipt.
     *
     * @return whether somebody holds the connection
     */
    public Future<Boolean> note(String connectionId, Buffer note) {
        return send(connectionId, new Envelope.Note(note));
    }

    /** Has {@code reader} called with the connection and the note; on any thread. Before there are connections. */
    public void onNote(BiConsumer<Connection, Buffer> reader) {
        notes = reader;
    }

    private void open(Envelope envelope, Connection connection) {
        if (envelope instanceof Envelope.Note note) {
            notes.accept(connection, note.bytes());
        } else {
            envelope.open(connection);
        }
    }

    private Future<Boolean> send(String connectionId, Envelope envelope) {
        Entry here = entries.get(connectionId);
        if (here != null) {
            open(envelope, here.connection);
            return Future.succeededFuture(true);
        }
        return registry.send(Limits.connectionId(connectionId), envelope.toBytes());
    }

    /** Another node sent something for a connection of this one. */
    public void onSend(String connectionId, Buffer bytes) {
        Entry here = entries.get(connectionId);
        if (here == null) {
            return;
        }
        try {
            open(Envelope.parse(bytes), here.connection);
        } catch (IllegalArgumentException malformed) {
            LOG.warn("Another node sent what this one does not understand, dropped: {}", malformed.getMessage());
        }
    }

    // ---- to all ----

    /** Sends a message to every node, at most once. */
    public Future<Void> broadcast(Draft draft) {
        return registry.publishAll(draft);
    }

    /**
     * Takes the broadcasts of one form, in place of every connection.
     *
     * @param form see {@link RoomEvent.Message#FORM}
     * @param listener called on any thread
     */
    public void listen(String form, Consumer<Publication> listener) {
        listeners.put(form, listener);
    }

    /**
     * A message to every connection of every node: hands it to those of this one, as it is, or to whoever takes such
     * messages.
     */
    public void onBroadcast(Publication publication) {
        String form = publication.headers().get(RoomEvent.Message.FORM);
        Consumer<Publication> listener = form == null ? null : listeners.get(form);
        if (listener != null) {
            listener.accept(publication);
            return;
        }
        Set<String> except = Except.of(publication);
        Map<EventLoop, List<Connection>> byLoop = new HashMap<>();
        for (Entry entry : entries.values()) {
            Connection connection = entry.connection;
            if (!except.contains(connection.id())) {
                byLoop.computeIfAbsent(connection.loop(), loop -> new ArrayList<>())
                        .add(connection);
            }
        }
        byLoop.forEach((loop, connections) -> loop.execute(() -> offer(publication, connections)));
    }

    /** Encodes once for each framing: connections of one loop. */
    private static void offer(Publication publication, List<Connection> connections) {
        Map<Framing, ByteBuf> frames = new HashMap<>();
        try {
            for (Connection connection : connections) {
                ByteBuf frame = frames.computeIfAbsent(connection.framing(), framing -> frame(publication, framing));
                connection.offer(frame.retain());
            }
        } finally {
            frames.values().forEach(ByteBuf::release);
        }
    }

    private static ByteBuf frame(Publication publication, Framing framing) {
        ByteBuf payload = ((BufferInternal) publication.payload()).getByteBuf().retain();
        return publication.contentType() == ContentType.BINARY ? framing.binary(payload) : framing.text(payload);
    }
}
