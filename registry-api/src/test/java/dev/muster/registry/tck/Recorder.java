package dev.muster.registry.tck;

import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps what a registry tells its node, in the order it came, and hands it to the node's feeds. */
public final class Recorder implements RegistryListener {

    private final List<Event> events = new ArrayList<>();
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final Consumer<Event> next;
    private volatile Predicate<Event> throwing = event -> false;

    /** Hands each event to {@code next} after it was kept. */
    Recorder(Consumer<Event> next) {
        this.next = next;
    }

    /** All events so far. */
    public synchronized List<Event> all() {
        return List.copyOf(events);
    }

    /** The events of one kind so far. */
    public synchronized <E extends Event> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** How many events of one kind there were so far. */
    public int count(Class<? extends Event> kind) {
        return all(kind).size();
    }

    /** The raw publications of one group so far. */
    public List<Publication> publications(String group) {
        return all(Event.Delivered.class).stream()
                .filter(delivered -> delivered.group().equals(group))
                .map(Event.Delivered::publication)
                .toList();
    }

    /** How often two callbacks of one group ran at the same time (R23). */
    public int overlaps() {
        return overlaps.get();
    }

    /** Drops what was told of an outage that the test knows nothing of. */
    synchronized void forgetOutage() {
        events.removeIf(event -> event instanceof Event.Recovered || event instanceof Event.Unavailable);
    }

    /** From now on the listener throws at these events, after it kept them. */
    public void throwAt(Predicate<Event> events) {
        throwing = events;
    }

    private void add(Event event) {
        synchronized (this) {
            events.add(event);
        }
        next.accept(event);
        if (throwing.test(event)) {
            throw new DeliberateFailure();
        }
    }

    @Override
    public void onPublication(String group, Publication publication) {
        AtomicInteger inside = running.computeIfAbsent(group, any -> new AtomicInteger());
        if (inside.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
        }
        try {
            // Gives another thread the chance to come in, if there is one.
            Thread.yield();
            add(new Event.Delivered(group, publication));
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    public void onBroadcast(Publication publication) {
        add(new Event.Broadcast(publication));
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        add(new Event.Sent(connectionId, payload));
    }

    @Override
    public void onNodeUp(NodeId node) {
        add(new Event.NodeUp(node));
    }

    @Override
    public void onNodeDown(NodeId node) {
        add(new Event.NodeDown(node));
    }

    @Override
    public void onLinkReplaced() {
        add(new Event.LinkReplaced());
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {
        add(new Event.Unavailable(String.valueOf(cause)));
    }

    @Override
    public void onRecovered() {
        add(new Event.Recovered());
    }

    @Override
    public void onMembersReset(String group) {
        add(new Event.MembersReset(group));
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        add(new Event.Incarnation(now, before));
    }

    /** What a listener throws on purpose; logs may show it. */
    static final class DeliberateFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DeliberateFailure() {
            super("thrown by the test's listener on purpose");
        }
    }
}
