package dev.muster.registry.redis;

import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node in: opens the connections, takes the lease, restores what the server lost, and begins again, with
 * growing random pauses and without ever giving up, when any of it breaks. On the home context.
 */
final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private enum State {
        NEW,
        COMING_IN,
        LIVE,
        /** Refused at the start; it will not be tried again. */
        REFUSED,
        CLOSED
    }

    private final Home home;
    private final Access access;
    private final RedisConnector connector;
    private final Handshake handshake;
    private final Watches watches;
    private final Subscriber subscriber;
    private final Leases leases;
    private final Sweeper sweeper;
    private final Restoration restoration;
    private final Promise<Void> started = Promise.promise();

    private State state = State.NEW;
    private @Nullable CommandLink commands;
    private List<byte[]> generations = List.of();
    /** Counts attempts, so that what an abandoned one still brings is ignored. */
    private long attempt;

    private int failures;
    private boolean entered;
    private boolean dataChanged;
    private boolean announceRestored;
    /** The incarnation that the listener still takes this node for, if it is another by now. */
    private @Nullable NodeId bornFrom;

    private boolean complained;

    Supervisor(
            Home home,
            Access access,
            RedisConnector connector,
            Handshake handshake,
            Watches watches,
            Subscriber subscriber,
            Leases leases,
            Sweeper sweeper,
            Restoration restoration) {
        this.home = home;
        this.access = access;
        this.connector = connector;
        this.handshake = handshake;
        this.watches = watches;
        this.subscriber = subscriber;
        this.leases = leases;
        this.sweeper = sweeper;
        this.restoration = restoration;
        access.onRefused(this::refused);
    }

    /** Comes in. Fails if the first attempt does; unless it was refused for good, attempts go on. */
    Future<Void> start() {
        if (state != State.NEW) {
            return Future.failedFuture(new RegistryException(
                    Reason.CLOSED,
                    state == State.CLOSED ? "the registry is closed" : "the registry was started before"));
        }
        access.refuse(Failures.unavailable("the registry is still connecting to Redis"));
        home.every(home.lookEveryMillis(), this::look);
        home.every(access.context().timings().heartbeat().toMillis(), this::beat);
        home.every(Subscriber.CANARY_MILLIS, subscriber::sendCanary);
        scheduleSweep();
        // Whoever waits is told in time; the attempt goes on.
        home.in(access.context().timings().operationTimeout().toMillis() * 7 / 8, () -> {
            started.tryFail(Failures.unavailable("Redis cannot be reached in time, the registry goes on trying"));
        });
        comeIn();
        return started.future();
    }

    private void comeIn() {
        state = State.COMING_IN;
        long mine = ++attempt;
        connector
                .open(RedisConnector.COMMANDS)
                .compose(held -> establish(held, mine))
                .compose(done -> subscriber.ensure())
                .compose(done -> enter())
                .compose(done -> restore())
                .onComplete(done -> {
                    if (mine != attempt || state != State.COMING_IN) {
                        return;
                    }
                    if (done.succeeded()) {
                        live();
                    } else {
                        failed(done.cause());
                    }
                });
    }

    /** Until both agree in the very turn in which this node is live again; the lease is renewed with each pass. */
    private Future<Void> restore() {
        return restoration
                .run(announceRestored)
                .compose(done -> leases.beat())
                .compose(done -> restoration.isCurrent() ? Future.succeededFuture() : restore());
    }

    private Future<Void> establish(RedisConnector.Held held, long mine) {
        if (mine != attempt) {
            held.drop();
            return Future.failedFuture(Failures.unavailable("the attempt was abandoned"));
        }
        return handshake
                .run(held.connection())
                .timeout(access.context().timings().operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(cause -> held.drop())
                .map(outcome -> {
                    if (mine != attempt) {
                        held.drop();
                        throw Failures.unavailable("the attempt was abandoned");
                    }
                    dataChanged |= !same(generations, outcome.generations());
                    generations = outcome.generations();
                    access.enter(generations);
                    CommandLink link = new CommandLink(home, held, () -> reload(held), this::commandsLost);
                    commands = link;
                    access.use(link);
                    return null;
                });
    }

    private static boolean same(List<byte[]> some, List<byte[]> others) {
        return some.size() == others.size() && Arrays.deepEquals(some.toArray(), others.toArray());
    }

    /** Loads the scripts again; fails if the server is not the one it was. */
    private Future<Void> reload(RedisConnector.Held held) {
        return handshake
                .run(held.connection())
                .compose(outcome -> same(generations, outcome.generations())
                        ? Future.succeededFuture()
                        : Future.failedFuture(Failures.unavailable("the server lost data")));
    }

    private Future<Void> enter() {
        return leases.enter().compose(answer -> switch (answer.get(0)) {
            case "INUSE" ->
                Future.failedFuture(new RegistryException(
                        Reason.REJECTED, "node id in use by " + answer.get(1) + ": two nodes cannot have one name"));
            case "FENCED" -> beReborn();
            default -> {
                entered = true;
                tellOfBirth();
                yield Future.succeededFuture();
            }
        });
    }

    /** The lease has ended and others may have told of it: this node comes back as a new incarnation (R21). */
    private Future<Void> beReborn() {
        NodeId before = access.self();
        NodeId now = NodeId.fresh(before.name());
        LOG.warn("Node {} has lost its lease and comes back as {}", before, now);
        access.become(now);
        announceRestored = true;
        bornFrom = bornFrom == null ? before : bornFrom;
        leases.changeIncarnation(before);
        return watches.changeIncarnation(before, now).compose(done -> enter());
    }

    /** Told when it is in: the attempt in which it was born may have failed. */
    private void tellOfBirth() {
        NodeId before = bornFrom;
        if (before != null) {
            bornFrom = null;
            NodeId now = access.self();
            watches.guarded(told -> told.onIncarnation(now, before));
        }
    }

    private void live() {
        state = State.LIVE;
        restoration.settled();
        failures = 0;
        complained = false;
        announceRestored = false;
        boolean check = subscriber.wasReplaced() || dataChanged;
        dataChanged = false;
        access.refuse(null);
        if (started.tryComplete()) {
            LOG.info(
                    "Node {} is in the cluster {} over Redis",
                    access.self(),
                    access.context().namespace());
            return;
        }
        LOG.info("Redis can be used again by node {}", access.self());
        watches.guarded(told -> told.onRecovered());
        if (check) {
            watches.guarded(told -> told.onLinkReplaced());
        }
    }

    private void failed(Throwable cause) {
        closeCommands();
        RegistryException failure = Failures.of(cause, false);
        if (!started.future().isComplete()) {
            if (failure.reason() == Reason.REJECTED) {
                state = State.REFUSED;
                access.refuse(failure);
                subscriber.close();
                home.cancelTimers();
                started.fail(failure);
                return;
            }
            started.fail(
                    failure.reason() == Reason.UNAVAILABLE
                            ? failure
                            : Failures.unavailable("Redis cannot be reached: " + failure.getMessage(), failure));
        }
        if (!complained) {
            complained = true;
            if (failure.reason() == Reason.REJECTED) {
                LOG.error("Redis refuses this node, trying on: {}", failure.getMessage());
            } else {
                LOG.warn("Redis cannot be used, trying on: {}", failure.getMessage());
            }
        }
        failures++;
        long mine = attempt;
        home.in(pause(failures, access.context().timings().lease()), () -> {
            if (mine == attempt && state == State.COMING_IN) {
                comeIn();
            }
        });
    }

    /**
     * A random pause in ms up to a bound that doubles: nodes that lost the server together do not come back together.
     * Well within a lease, for so long those who are back wait for the others before they take them for dead.
     */
    static long pause(int failures, Duration lease) {
        long longest = Math.min(LONGEST_PAUSE_MILLIS, lease.toMillis() / 4);
        long bound = Math.min(longest, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
        return ThreadLocalRandom.current().nextLong(bound + 1);
    }

    private void commandsLost(Throwable cause) {
        access.use(null);
        commands = null;
        if (state == State.LIVE) {
            comeInAgain(cause);
        }
    }

    /** A script refused this node: its lease has ended, or the server lost data. */
    private void refused(Throwable cause) {
        if (state == State.LIVE) {
            comeInAgain(cause);
        }
    }

    private void comeInAgain(Throwable cause) {
        state = State.COMING_IN;
        access.refuse(Failures.unavailable("Redis cannot be used now", cause));
        closeCommands();
        LOG.warn("Redis cannot be used by node {}, coming in again: {}", access.self(), cause.getMessage());
        watches.guarded(told -> told.onUnavailable(cause));
        comeIn();
    }

    private void look() {
        home.endOverdue();
        if (commands != null) {
            commands.checkDeadlines();
        }
        subscriber.checkDeadlines();
        requireLease();
    }

    /**
     * Stops serving while this node cannot be sure of its lease: others may be telling that it is gone. Also what a
     * process notices that was frozen.
     */
    void requireLease() {
        if (state == State.LIVE && !leases.isSure()) {
            comeInAgain(Failures.unavailable("the lease of this node was not renewed in time"));
        }
    }

    private void beat() {
        if (state == State.LIVE) {
            leases.beat()
                    .onSuccess(done -> restoration.settle())
                    .onFailure(cause -> LOG.debug("A heartbeat failed", cause));
        }
    }

    private void scheduleSweep() {
        // Who finds a dead node tells nobody, and a heartbeat may be two seconds away; but all are to hear of it within
        // lease and sweep (R20). So while somebody is overdue a heartbeat follows each sweep, twice as often.
        boolean overdue = leases.isAnyOverdue();
        long sweep = access.context().timings().sweep().toMillis();
        long every = Math.max(1, overdue ? sweep / 2 : sweep);
        home.in(every * 4 / 5 + ThreadLocalRandom.current().nextLong(every * 2 / 5 + 1), () -> {
            if (state == State.LIVE) {
                sweeper.sweep().onFailure(cause -> LOG.debug("A sweep failed", cause));
            }
            if (overdue) {
                beat();
            }
            if (state == State.LIVE || state == State.COMING_IN) {
                scheduleSweep();
            }
        });
    }

    /** Leaves: gives the lease up and removes what this node held, as long as there is time (R25). */
    Future<Void> close() {
        boolean in = state == State.LIVE;
        state = State.CLOSED;
        attempt++;
        access.refuse(new RegistryException(Reason.CLOSED, "the registry is closed"));
        started.tryFail(new RegistryException(Reason.CLOSED, "the registry was closed before it had started"));
        Future<Void> leaving =
                in && entered ? leases.retire().compose(done -> sweeper.removeOwn()) : Future.succeededFuture();
        return leaving.transform(done -> {
            if (done.failed()) {
                LOG.warn(
                        "Could not leave in order, the other nodes will do the rest: {}",
                        done.cause().getMessage());
            }
            end();
            return Future.succeededFuture();
        });
    }

    /** Ends the connections at once. */
    void end() {
        home.cancelTimers();
        closeCommands();
        subscriber.close();
        leases.clear();
    }

    private void closeCommands() {
        CommandLink link = commands;
        commands = null;
        access.use(null);
        if (link != null) {
            link.close();
        }
    }
}
