package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.partition.PartitionLostEvent;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryListener;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one registry: starting, noticing that it was cut off, coming back, ending. What blocks runs on one
 * worker, one thing after another.
 */
final class Supervisor implements Heart.Alarm, OwnerSide.Answering {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private static final long RETRY_NANOS = 200_000_000;

    /** Losses of partitions this close in time are one event. */
    private static final long ONE_LOSS_NANOS = 5_000_000_000L;

    private final Core core;
    private final Heart heart;
    private final Recovery recovery;
    private final ExecutorService worker = Workers.single("muster-hazelcast-life");
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
    private final StallWatch stall;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile String reason = "";
    private volatile boolean identityLost;
    private volatile boolean stoodStill;
    private volatile List<Member> companions = List.of();
    private volatile boolean doubted;
    private volatile boolean merging;
    private volatile long lossAt;
    private volatile long timer = -1;

    Supervisor(Core core) {
        this.core = core;
        heart = new Heart(core, this);
        recovery = new Recovery(core);
        stall = new StallWatch(core.context().nanoTime(), MemberConfig.longestSilence(core.context()));
    }

    private Phase phase() {
        return Objects.requireNonNull(phase.get());
    }

    private long now() {
        return core.context().nanoTime().getAsLong();
    }

    /** Why no operation is possible now; null if all are. */
    @Nullable
    RegistryException refusal() {
        return switch (phase()) {
            case UP ->
                !stall.stalled() && !doubted
                        ? null
                        : new RegistryException(Reason.UNAVAILABLE, "this node stood still and looks where it stands");
            case AWAY -> new RegistryException(Reason.UNAVAILABLE, reason);
            case NEW, STARTING -> new RegistryException(Reason.CLOSED, "the registry is not started");
            case CLOSING, CLOSED -> new RegistryException(Reason.CLOSED, "the registry is closed");
        };
    }

    // ---- start ----

    CompletableFuture<Void> start(RegistryListener listener) {
        CompletableFuture<Void> started = new CompletableFuture<>();
        if (!phase.compareAndSet(Phase.NEW, Phase.STARTING)) {
            boolean over = phase() == Phase.CLOSING || phase() == Phase.CLOSED;
            started.completeExceptionally(new RegistryException(
                    over ? Reason.CLOSED : Reason.REJECTED,
                    over ? "the registry is closed" : "a registry starts once"));
            return started;
        }
        core.callbacks().tell(listener);
        worker.execute(() -> begin(started));
        return started;
    }

    private void begin(CompletableFuture<Void> started) {
        try {
            long before = System.nanoTime();
            startMember();
            if (!recovery.hasQuorum()) {
                reason = noQuorum();
                phase.compareAndSet(Phase.STARTING, Phase.AWAY);
                started.completeExceptionally(new RegistryException(Reason.UNAVAILABLE, reason));
                beginTicking();
                recover();
                return;
            }
            heart.seated(recovery.claim(core.self(), core.self()));
            core.member().announce(Note.rosterChanged());
            recovery.awaitBalance();
            beginTicking();
            phase.compareAndSet(Phase.STARTING, Phase.UP);
            LOG.info(
                    "Node {} is in a cluster of {} after {} ms",
                    core.self(),
                    core.member().size(),
                    (System.nanoTime() - before) / 1_000_000);
            started.complete(null);
        } catch (RuntimeException | InterruptedException failure) {
            if (core.hasMember()) {
                core.member().shutdown();
            }
            phase.set(Phase.CLOSED);
            core.callbacks().silence();
            started.completeExceptionally(failure);
        }
    }

    private String noQuorum() {
        return "no quorum: " + core.member().size() + " of " + core.options().quorum() + " nodes are here";
    }

    private void startMember() {
        EmbeddedMember member = core.startMember(this);
        member.cluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                rosterChanged();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                memberLost(event.getMember().getUuid());
            }
        });
        member.instance().getPartitionService().addPartitionLostListener(this::partitionLost);
        member.instance().getLifecycleService().addLifecycleListener(event -> {
            merging = event.getState() == LifecycleState.MERGING;
            if (merging) {
                away("this node is joining the larger part of a cluster that was split", true, false);
            } else if (event.getState() == LifecycleState.SHUTDOWN && phase() == Phase.UP) {
                away("the Hazelcast member stopped by itself", true, false);
            }
        });
    }

    /** If this node stood still lately, it may be the one that was dropped by the others, not the other way round. */
    private void memberLost(UUID member) {
        if (phase() != Phase.UP || stall.stalled()) {
            return;
        }
        if (!stall.mayHaveBeenDropped()) {
            heart.memberLost(member);
            return;
        }
        doubted = true;
        worker.execute(() -> {
            try {
                if (phase() != Phase.UP) {
                    return;
                }
                if (recovery.stillIn(companions)) {
                    heart.memberLost(member);
                } else {
                    // First: a beat of a member that ends would be lost.
                    away("the other nodes went on without this one", true, false);
                    core.member().terminate();
                }
            } catch (RuntimeException | InterruptedException failure) {
                LOG.debug("Could not find out who left whom", failure);
            } finally {
                doubted = false;
            }
        });
    }

    private void beginTicking() {
        stall.tick();
        companions = core.member().others();
        long interval = Math.max(1, core.context().timings().sweep().toMillis());
        core.callbacks().control().runOnContext(turn -> {
            if (timer == -1 && phase() != Phase.CLOSING && phase() != Phase.CLOSED) {
                timer = core.context().vertx().setPeriodic(interval, tick -> tick());
            }
        });
    }

    private void tick() {
        boolean stalled = stall.stalled();
        stall.tick();
        if (phase() != Phase.UP) {
            return;
        }
        if (stalled) {
            away("this node stood still and looks where it stands", false, true);
        } else if (!recovery.hasQuorum()) {
            away(noQuorum(), false, false);
        } else {
            companions = core.member().others();
            heart.beat();
        }
    }

    // ---- what others tell ----

    @Override
    public void fenced() {
        away("this node was taken for dead and comes back as a new one", true, false);
    }

    @Override
    public void rosterLost() {
        worker.execute(() -> {
            try {
                if (phase() == Phase.UP) {
                    LOG.info("The list of nodes was lost, entering it again");
                    heart.seated(recovery.claim(core.self(), core.self()));
                    core.doubtAll();
                }
            } catch (RuntimeException | InterruptedException failure) {
                LOG.debug("Could not enter the list of nodes again, trying with the next beat", failure);
            }
        });
    }

    private void partitionLost(PartitionLostEvent event) {
        // Hazelcast tells of every crash, with 0 lost backups; only beyond the backup count is anything lost.
        if (event.getLostBackupCount() >= 1 && phase() == Phase.UP && !stall.stalled() && !doubted) {
            long now = now();
            if (lossAt == 0 || now - lossAt > ONE_LOSS_NANOS) {
                LOG.warn(
                        "Partitions were lost with their backups, {} the first: the logs of their groups are gone, and"
                                + " what this node holds is restored",
                        event.getPartitionId());
            }
            lossAt = now;
            core.callbacks().control(RegistryListener::onLinkReplaced);
            core.doubtAll();
        }
    }

    @Override
    public void rosterChanged() {
        if (phase() == Phase.UP) {
            heart.renew();
        }
    }

    @Override
    public Set<String> groupsOf(String connectionId) {
        return core.directory().ownGroupsOf(connectionId);
    }

    // ---- away and back ----

    private void away(String why, boolean identity, boolean still) {
        if (identity) {
            identityLost = true;
        }
        if (still) {
            stoodStill = true;
        }
        reason = why;
        RegistryException cause = new RegistryException(Reason.UNAVAILABLE, why);
        if (turn(Phase.UP, Phase.AWAY, to -> to.onUnavailable(cause))) {
            LOG.warn("The cluster cannot be used now: {}", why);
            worker.execute(this::recover);
        }
    }

    /** Goes from one phase to another and has it told, in one step: what is told alternates as the phases do. */
    private synchronized boolean turn(Phase from, Phase to, Consumer<RegistryListener> told) {
        boolean turned = phase.compareAndSet(from, to);
        if (turned) {
            core.callbacks().control(told);
        }
        return turned;
    }

    private void recover() {
        while (phase() == Phase.AWAY) {
            try {
                if (tryToRecover()) {
                    return;
                }
            } catch (RuntimeException failure) {
                LOG.debug("Not back in the cluster yet", failure);
            } catch (InterruptedException ending) {
                return;
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private boolean tryToRecover() throws InterruptedException {
        if (merging) {
            return false;
        }
        if (stoodStill) {
            stoodStill = false;
            if (!recovery.stillIn(companions)) {
                identityLost = true;
                core.member().terminate();
            }
        }
        if (!core.hasMember() || !core.member().running()) {
            identityLost = true;
            startMember();
        }
        if (!recovery.hasQuorum()) {
            reason = noQuorum();
            return false;
        }
        takePlace();
        boolean restored = new Restoration(core).all();
        if (!restored || stoodStill || identityLost || !turn(Phase.AWAY, Phase.UP, RegistryListener::onRecovered)) {
            return false;
        }
        LOG.info("Node {} is back in the cluster", core.self());
        core.callbacks().control(RegistryListener::onLinkReplaced);
        return true;
    }

    private void takePlace() throws InterruptedException {
        NodeId before = core.self();
        if (!identityLost) {
            try {
                heart.seated(recovery.claim(before, before));
                return;
            } catch (RegistryException fenced) {
                LOG.debug("The old incarnation is not welcome any more", fenced);
            }
        }
        identityLost = false;
        NodeId fresh = NodeId.fresh(before.name());
        Roster roster;
        try {
            roster = recovery.claim(fresh, before);
        } catch (RuntimeException | InterruptedException failure) {
            // The old identity is no better for it.
            identityLost = true;
            throw failure;
        }
        core.become(fresh);
        heart.seated(roster);
        core.member().announce(Note.rosterChanged());
    }

    // ---- end ----

    CompletableFuture<Void> close() {
        Phase before = phase.getAndUpdate(now -> now == Phase.CLOSED ? Phase.CLOSED : Phase.CLOSING);
        if (before == Phase.NEW || before == Phase.CLOSED) {
            phase.set(Phase.CLOSED);
            closed.complete(null);
        } else if (before != Phase.CLOSING) {
            worker.execute(() -> end(before));
        }
        return closed;
    }

    private void end(Phase before) {
        try {
            // Where it is set: it is set before, or not any more.
            core.callbacks()
                    .control()
                    .runOnContext(turn -> core.context().vertx().cancelTimer(timer));
            heart.stop();
            if (core.hasMember() && core.member().running()) {
                if (before != Phase.AWAY) {
                    recovery.leave();
                }
                core.member().shutdown();
            }
        } catch (RuntimeException | InterruptedException failure) {
            LOG.debug("Could not leave in order, the others notice by themselves", failure);
        } finally {
            core.nodes().clear();
            core.callbacks().silence();
            phase.set(Phase.CLOSED);
            closed.complete(null);
            worker.shutdown();
        }
    }
}
