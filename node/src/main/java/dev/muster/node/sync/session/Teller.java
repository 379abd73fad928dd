package dev.muster.node.sync.session;

import dev.muster.node.connection.Framing;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells clients what changed. Those who are told the same in a tick get the very same frame; those who do not keep up,
 * or must not be told yet, get theirs later, with the values of then. On the space's loop.
 */
final class Teller {

    /** A frame with what is in it, so that who cannot take it can be told later. */
    private record Frame(ByteBuf bytes, List<Part> parts) {}

    private record Part(Shape shape, Shape.Chunk chunk) {}

    /** Clients that are told the same: one wire and framing, and the same shapes. */
    private record Audience(Framing framing, List<Shape> shapes) {}

    private final Scene scene;
    private final Outgoing outgoing;
    private final Set<SyncSession> indebted = new LinkedHashSet<>();

    Teller(Scene scene, Outgoing outgoing) {
        this.scene = scene;
        this.outgoing = outgoing;
    }

    // ---- a tick ----

    /** Tells everybody what the tick brought for these shapes. */
    void tell(Set<Shape> shapes) {
        Set<SyncSession> concerned = new LinkedHashSet<>();
        for (Shape shape : shapes) {
            for (Subscription subscription : shape.subscriptions()) {
                subscription.session().due().add(subscription);
                concerned.add(subscription.session());
            }
        }
        Map<Audience, List<Frame>> frames = new HashMap<>();
        concerned.forEach(session -> tell(session, frames));
        frames.values().forEach(made -> made.forEach(frame -> frame.bytes().release()));
        shapes.forEach(Shape::clear);
    }

    private void tell(SyncSession session, Map<Audience, List<Frame>> frames) {
        List<Shape> told = new ArrayList<>(session.due().size());
        for (Subscription subscription : session.due()) {
            Shape shape = subscription.shape();
            if (subscription.isUpToDate() && !session.holdsAny(shape.due())) {
                told.add(shape);
            } else {
                owe(subscription, shape.due());
            }
        }
        session.due().clear();
        if (told.isEmpty()) {
            return;
        }
        Framing framing = session.connection().framing();
        List<Frame> all = frames.computeIfAbsent(new Audience(framing, told), Teller::frames);
        for (Frame frame : all) {
            if (session.hasRoom()) {
                outgoing.put(session, frame.bytes().retain());
            } else {
                frame.parts().forEach(part -> oweLater(session, part));
            }
        }
    }

    private void oweLater(SyncSession session, Part part) {
        Subscription subscription = session.subscription(part.shape().subscriptionId());
        if (subscription != null) {
            owe(subscription, part.chunk().changes());
        }
    }

    private void owe(Subscription subscription, List<Change> changes) {
        changes.forEach(subscription.debt()::owe);
        indebted.add(subscription.session());
    }

    private static List<Frame> frames(Audience audience) {
        SyncWire wire = audience.shapes().get(0).id().wire();
        List<Frame> made = new ArrayList<>(1);
        List<Part> parts = new ArrayList<>();
        int bytes = 0;
        for (Shape shape : audience.shapes()) {
            for (Shape.Chunk chunk : shape.chunks()) {
                int more = chunk.bytes().readableBytes();
                if (bytes > 0 && bytes + more > Page.FULL_BYTES) {
                    made.add(frame(wire, parts, audience.framing()));
                    parts = new ArrayList<>();
                    bytes = 0;
                }
                parts.add(new Part(shape, chunk));
                bytes += more;
            }
        }
        made.add(frame(wire, parts, audience.framing()));
        return made;
    }

    private static Frame frame(SyncWire wire, List<Part> parts, Framing framing) {
        int items = 0;
        List<ByteBuf> bytes = new ArrayList<>(parts.size());
        for (Part part : parts) {
            items += part.chunk().changes().size();
            bytes.add(part.chunk().bytes());
        }
        return new Frame(wire.batch(SyncWire.Batch.of(items), bytes, framing), parts);
    }

    // ---- debts ----

    /** The client has something to get that others do not. */
    void owes(SyncSession session) {
        indebted.add(session);
    }

    void forget(SyncSession session) {
        indebted.remove(session);
    }

    boolean hasDebts() {
        return !indebted.isEmpty();
    }

    /**
     * Pays as much as the clients take now. Only when nothing waits for a tick: what it tells is how things are.
     *
     * @return whether anybody took anything
     */
    boolean pay() {
        boolean paid = false;
        for (SyncSession session : List.copyOf(indebted)) {
            paid |= pay(session);
            if (!session.owesAnything()) {
                indebted.remove(session);
            }
        }
        return paid;
    }

    private boolean pay(SyncSession session) {
        boolean paid = false;
        while (session.hasRoom()) {
            Page page = page(session);
            if (page.isBlank()) {
                break;
            }
            Framing framing = session.connection().framing();
            outgoing.put(session, session.wire().batch(page.batch(), List.of(page.bytes()), framing));
            paid = true;
        }
        return paid;
    }

    private Page page(SyncSession session) {
        Page page = new Page(session.wire());
        for (Subscription subscription : session.subscriptions()) {
            if (!subscription.isUpToDate() && subscription.isAdmitted() && !page.isFull()) {
                if (!subscription.isAnswered()) {
                    page.answers(subscription.shape().subscriptionId());
                    subscription.answered();
                }
                subscription.debt().pay(page, scene, session::holds);
                if (subscription.debt().owesSnapshot()) {
                    page.leavesOut(subscription.shape().subscriptionId());
                }
            }
        }
        return page;
    }
}
