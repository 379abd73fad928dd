package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Member;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.hazelcast.Roster.Seat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens at every beat while the node is in the cluster: the lease is renewed, the roster looked at, the dead
 * are condemned and swept, groups tidied, doubts settled.
 */
final class Heart {

    private static final Logger LOG = LoggerFactory.getLogger(Heart.class);

    /** Beats in which a member that is older should have swept a dead node before this one does. */
    private static final int PATIENCE = 3;

    /** Beats without an answer after which leases are not judged for a while: the roster itself stood still. */
    private static final int PAUSE = 5;

    /** What a heart tells of. */
    interface Alarm {

        /** This node's incarnation was taken for dead. */
        void fenced();

        /** The roster that knew this node is gone. */
        void rosterLost();
    }

    private final Core core;
    private final Alarm alarm;
    private final Restoration restoration;
    private final ExecutorService sweeping = Workers.single("muster-hazelcast-sweep");
    private final AtomicBoolean beating = new AtomicBoolean();
    private final AtomicBoolean tidying = new AtomicBoolean();
    private final AtomicBoolean settling = new AtomicBoolean();
    private final Set<Long> inHand = ConcurrentHashMap.newKeySet();
    private final Map<Long, Long> dyingSince = new HashMap<>();

    private volatile long rosterId;
    private long confirmedAt;
    private long regularSince;
    private long tidiedAt;

    Heart(Core core, Alarm alarm) {
        this.core = core;
        this.alarm = alarm;
        restoration = new Restoration(core);
        tidiedAt = now();
    }

    private long now() {
        return core.context().nanoTime().getAsLong();
    }

    private long sweepNanos() {
        return core.context().timings().sweep().toNanos();
    }

    /** The node was seated in this roster. */
    synchronized void seated(Roster roster) {
        boolean another = rosterId != 0 && rosterId != roster.id();
        rosterId = roster.id();
        confirmedAt = now();
        regularSince = confirmedAt;
        core.nodes().update(roster, core.self());
        if (another) {
            core.nodes().lostLately().forEach(seat -> condemn(RosterCall.condemnIfGone(seat)));
        }
    }

    // ---- beats ----

    /** To be called at every sweep interval while the node is in the cluster. Does not block. */
    void beat() {
        renew();
        settle();
        long now = now();
        if (now - tidiedAt >= core.context().timings().idleGroup().toNanos() / 4
                && tidying.compareAndSet(false, true)) {
            tidiedAt = now;
            sweeping.execute(() -> {
                run(() -> sweeper().tidy());
                tidying.set(false);
            });
        }
    }

    /** Renews the lease and looks at the roster. */
    void renew() {
        if (!beating.compareAndSet(false, true)) {
            return;
        }
        NodeId self = core.self();
        Duration lease = core.context().timings().lease();
        CompletableFuture<Void> unused = ask(member -> RosterCall.beat(self, member.id(), rosterId, lease))
                .thenAccept(roster -> answered(roster, self))
                .whenComplete((done, failure) -> {
                    beating.set(false);
                    if (failure != null) {
                        LOG.debug("A heartbeat was not answered", failure);
                    }
                });
    }

    private CompletableFuture<Roster> ask(Function<EmbeddedMember, RosterCall> call) {
        return Futures.answerTo(() -> {
            EmbeddedMember member = core.member();
            return member.roster(call.apply(member));
        });
    }

    private void answered(Roster roster, NodeId as) {
        if (!core.self().equals(as)) {
            return;
        }
        switch (roster.status()) {
            case DONE -> look(roster);
            case LOST -> alarm.rosterLost();
            case FENCED, IN_USE -> alarm.fenced();
        }
    }

    private synchronized void look(Roster roster) {
        long now = now();
        if (now - confirmedAt
                > PAUSE
                        * Math.max(
                                sweepNanos(),
                                core.context().timings().heartbeat().toNanos())) {
            regularSince = now;
        }
        confirmedAt = now;
        core.nodes().update(roster, core.self());
        boolean mayJudge =
                now - regularSince >= core.context().timings().lease().toNanos();
        for (Seat seat : roster.seats()) {
            if (seat.node().equals(core.self())) {
                continue;
            }
            if (core.member().side().member(seat.ref().member()) == null) {
                condemn(RosterCall.condemnIfGone(seat));
            } else if (mayJudge && roster.isExpired(seat)) {
                LOG.info("Node {} does not renew its lease any more", seat.node());
                condemn(RosterCall.condemnIfExpired(seat.node()));
            }
        }
        bury(roster.dying(), now);
    }

    private void condemn(RosterCall call) {
        CompletableFuture<Roster> unused = ask(member -> call).whenComplete((roster, failure) -> {
            if (roster != null) {
                core.nodes().update(roster, core.self());
                bury(roster.dying(), now());
            }
        });
    }

    /** Sweeps the dying; the oldest member at once, each younger one when those before it had time to. */
    private synchronized void bury(Map<Long, NodeId> dying, long now) {
        dyingSince.keySet().retainAll(dying.keySet());
        int rank = rank();
        dying.forEach((incarnation, node) -> {
            core.member().side().condemn(incarnation);
            long since = dyingSince.computeIfAbsent(incarnation, first -> now);
            if (now - since >= (long) rank * PATIENCE * sweepNanos() && inHand.add(incarnation)) {
                sweeping.execute(() -> {
                    run(() -> sweeper().sweep(node));
                    inHand.remove(incarnation);
                });
            }
        });
    }

    private int rank() {
        int rank = 0;
        for (Member member : core.member().cluster().getMembers()) {
            if (member.localMember()) {
                return rank;
            }
            rank++;
        }
        return rank;
    }

    private Sweeper sweeper() {
        return new Sweeper(core.member(), core.pipes());
    }

    // ---- losses ----

    /** A member left the cluster without a word. */
    void memberLost(UUID member) {
        List<Seat> lost = core.nodes().lost(member, core.self());
        if (lost.isEmpty()) {
            return;
        }
        LOG.info("Node {} is gone", lost.stream().map(Seat::node).toList());
        lost.forEach(seat -> condemn(RosterCall.condemnIfGone(seat)));
        // It may have died between a change and the word of it, and with it what had no backup yet.
        core.callbacks().control(RegistryListener::onLinkReplaced);
        core.doubtAll();
    }

    /** Settles some of what is in doubt. */
    private void settle() {
        if (!settling.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> unused = Futures.answerTo(() -> Futures.all(restoration.some()))
                .whenComplete((done, failure) -> settling.set(false));
    }

    private interface Blocking {
        void run() throws InterruptedException;
    }

    private static void run(Blocking work) {
        try {
            work.run();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.debug("Housekeeping was interrupted, it goes on with the next beat", failure);
        }
    }

    /** Stops housekeeping. */
    void stop() {
        sweeping.shutdownNow();
    }
}
