package dev.muster.node.sync.session;

import dev.muster.node.connection.Connection;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Status;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's stay in one space. What a protocol calls may be called on the connection's loop; everything else
 * happens on the space's.
 */
public final class SyncSession {

    /** Bytes on their way to a client over which it is told nothing more, until it has taken some. */
    static final int BUDGET = 256 << 10;

    private final Connection connection;
    private final SyncWire wire;
    private final SyncHub hub;
    private final Runnable onClosed;
    private final Pressure pressure;
    private final AtomicInteger sending = new AtomicInteger();
    /** On the connection's loop. */
    private boolean ended;

    // ---- on the space's loop ----
    private final Map<Long, Subscription> subscriptions = new LinkedHashMap<>();
    private final List<Subscription> due = new ArrayList<>();
    private final Map<Entity, Integer> held = new HashMap<>();
    private final Set<Entity> heldSpawns = new HashSet<>();
    private int spawning;
    private boolean closed;

    /**
     * @param onClosed called when nothing of it is left
     */
    SyncSession(Connection connection, SyncWire wire, SyncHub hub, Runnable onClosed) {
        this.connection = connection;
        this.wire = wire;
        this.hub = hub;
        this.onClosed = onClosed;
        this.pressure = new Pressure(connection);
    }

    /** Does what the client wants. On the connection's loop. */
    public void take(Request request) {
        int weight = Pressure.weightOf(request);
        pressure.asked(weight);
        hub.execute(() -> hub.take(this, request, () -> pressure.answered(weight)));
    }

    void open() {
        hub.execute(() -> hub.add(this));
    }

    /** The connection is gone. On its loop; again: no effect. */
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        hub.execute(() -> {
            hub.remove(this);
            onClosed.run();
        });
    }

    /** Whether the client wants more than was done yet: to be asked before more is taken. On the connection's loop. */
    public boolean isBehind() {
        return pressure.isHigh();
    }

    /** Called on the connection's loop when more may be taken, before the client is read from again. */
    public void onCaughtUp(Runnable goOn) {
        pressure.onRelief(goOn);
    }

    /** Whose it is. */
    public Connection connection() {
        return connection;
    }

    SyncWire wire() {
        return wire;
    }

    // ---- what is on its way ----

    void sending(int bytes) {
        sending.addAndGet(bytes);
    }

    /** On the connection's loop. */
    void sent(int bytes) {
        sending.addAndGet(-bytes);
    }

    /** Whether the client takes what it is sent. */
    boolean hasRoom() {
        return connection.isOpen()
                && connection.pendingMessages() == 0
                && sending.get() + connection.pendingBytes() < BUDGET;
    }

    /** Answers something that could not even be read, behind the answers to what came before. On the connection's loop. */
    public void refuse(Answer answer) {
        hub.execute(() -> send(answer));
    }

    void send(Answer answer) {
        if (answer.status() != Status.OK) {
            wire.refused(answer.status());
        }
        ByteBuf frame = wire.answer(answer, connection.framing());
        if (frame != null) {
            hub.send(this, frame);
        }
    }

    // ---- subscriptions ----

    @Nullable
    Subscription subscription(long id) {
        return subscriptions.get(id);
    }

    void put(Subscription subscription) {
        subscriptions.put(subscription.shape().subscriptionId(), subscription);
    }

    @Nullable
    Subscription remove(long id) {
        return subscriptions.remove(id);
    }

    Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    /** Subscriptions that this tick brings something for. */
    List<Subscription> due() {
        return due;
    }

    boolean owesAnything() {
        for (Subscription subscription : subscriptions.values()) {
            if (!subscription.isUpToDate()) {
                return true;
            }
        }
        return false;
    }

    // ---- its own mutations: the answer comes before what it caused ----

    /** An answer about this entity is to come first. */
    void hold(Entity entity) {
        held.merge(entity, 1, Integer::sum);
    }

    void letGo(Entity entity) {
        held.computeIfPresent(entity, (key, count) -> count == 1 ? null : count - 1);
    }

    /** It waits for the id of a new entity. */
    void spawning() {
        spawning++;
    }

    /** An entity came to be, which may be that. */
    void spawnedMeanwhile(Entity entity) {
        heldSpawns.add(entity);
    }

    /**
     * It waits for one less.
     *
     * @return whether it waits for none
     */
    boolean spawned() {
        spawning--;
        if (spawning == 0) {
            heldSpawns.clear();
        }
        return spawning == 0;
    }

    boolean holds(Entity entity) {
        return held.containsKey(entity) || heldSpawns.contains(entity);
    }

    boolean holdsAny(Collection<Change> changes) {
        if (held.isEmpty() && heldSpawns.isEmpty()) {
            return false;
        }
        for (Change change : changes) {
            if (holds(change.entity())) {
                return true;
            }
        }
        return false;
    }

    // ---- its end ----

    boolean isClosed() {
        return closed;
    }

    void closed() {
        closed = true;
        subscriptions.clear();
        held.clear();
        heldSpawns.clear();
    }
}
