package dev.muster.node.sync.session;

import dev.muster.node.connection.Framing;
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

    /** Clients that are told the same: one wire and framing, and the same shapes. */
    private record Audience(Framing framing, List<Shape> shapes) {
        Frames frames() {
            return new Frames(shapes, framing);
        }
    }

    private final Scene scene;
    private final Outgoing outgoing;
    private final Snapshots snapshots;
    private final Set<SyncSession> indebted = new LinkedHashSet<>();

    Teller(Scene scene, Outgoing outgoing, Snapshots snapshots) {
        this.scene = scene;
        this.outgoing = outgoing;
        this.snapshots = snapshots;
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
        Map<Audience, Frames> frames = new HashMap<>();
        concerned.forEach(session -> tell(session, frames));
        frames.values().forEach(Frames::release);
        shapes.forEach(Shape::clear);
    }

    private void tell(SyncSession session, Map<Audience, Frames> frames) {
        List<Shape> told = new ArrayList<>(session.due().size());
        boolean hasRoom = session.hasRoom();
        for (Subscription subscription : session.due()) {
            Shape shape = subscription.shape();
            if (hasRoom && subscription.isUpToDate() && !session.holdsAny(shape.due())) {
                told.add(shape);
            } else {
                owe(subscription, shape.due());
            }
        }
        session.due().clear();
        if (!told.isEmpty()) {
            Framing framing = session.connection().framing();
            send(session, told, frames.computeIfAbsent(new Audience(framing, told), Audience::frames));
        }
    }

    private void send(SyncSession session, List<Shape> told, Frames frames) {
        int sent = 0;
        for (int i = 0; session.hasRoom(); i++) {
            Frames.Frame frame = frames.get(i);
            if (frame == null) {
                return;
            }
            outgoing.put(session, frame.bytes().retain());
            sent += frame.changes();
        }
        oweAfter(session, told, sent);
    }

    /** The client takes no more now: the changes behind so many are told later. */
    private void oweAfter(SyncSession session, List<Shape> told, int sent) {
        int skipped = sent;
        for (Shape shape : told) {
            List<Change> due = shape.due();
            int from = Math.min(skipped, due.size());
            skipped -= from;
            Subscription subscription = session.subscription(shape.subscriptionId());
            if (subscription != null && from < due.size()) {
                owe(subscription, due.subList(from, due.size()));
            }
        }
    }

    private void owe(Subscription subscription, List<Change> changes) {
        if (subscription.isAnswered()) {
            changes.forEach(subscription.debt()::owe);
        } // else its snapshot, when it comes, has all of it
        indebted.add(subscription.session());
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
            outgoing.put(session, session.wire().batch(page.batch(), page.parts(), framing));
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
                    subscription.begin(snapshots.of(subscription.shape()));
                }
                subscription.debt().pay(page, scene, session::holds);
                tellWhetherMore(page, subscription);
            }
        }
        return page;
    }

    private static void tellWhetherMore(Page page, Subscription subscription) {
        boolean more = subscription.debt().owesSnapshot();
        if (more) {
            page.leavesOut(subscription.shape().subscriptionId());
        } else if (subscription.goesOn() && subscription.session().wire().tellsMore()) {
            page.ends();
        }
        subscription.goesOn(more);
    }
}
