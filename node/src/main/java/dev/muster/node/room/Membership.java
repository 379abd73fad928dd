package dev.muster.node.room;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's way into one room and out of it. On the connection's loop.
 *
 * <p>The order is what makes it whole. The room is watched first and the member takes its seat, so that nothing after
 * the join can be missed; then the registry joins it and names a position; what came up to there is dropped, the
 * member is welcomed, gets what came since, and is live. The socket may close, or a leave may come, between any two
 * of these steps.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** Where it is; only ever forward, but for a leave that failed. */
    private enum State {
        WATCHING,
        JOINING,
        LIVE,
        LEAVING,
        OVER
    }

    private final Member member;
    private final Room room;
    private final RoomTable table;
    private final ConnectionRegistry registry;
    private final Mailbox mailbox;
    private final Seat seat;
    private final Runnable onOver;
    private final Promise<Position> entered = Promise.promise();

    private State state = State.WATCHING;
    private @Nullable RoomShard shard;
    /** The last thing the member said: its answer comes after those of all before it (R14). */
    private Future<?> said = Future.succeededFuture();
    /** The way out, once somebody asked for it. */
    private @Nullable Promise<Boolean> leaving;

    /**
     * @param room acquired; released when this is over
     * @param onOver called once, when this is over, however it came about
     */
    Membership(
            Member member,
            Room room,
            RoomTable table,
            ConnectionRegistry registry,
            Mailbox mailbox,
            Format format,
            Runnable onOver) {
        this.member = member;
        this.room = room;
        this.table = table;
        this.registry = registry;
        this.mailbox = mailbox;
        this.seat = new Seat(member, format);
        this.onOver = onOver;
    }

    /** Completes when the member is live; fails if it never will be. */
    Future<Position> entered() {
        return entered.future();
    }

    /** Whether somebody asked for the way out. */
    boolean isLeaving() {
        return leaving != null;
    }

    // ---- the way in ----

    void enter() {
        onLoop(table.watch(room), this::watched);
    }

    private void watched(AsyncResult<Position> watched) {
        if (state == State.OVER) {
            return;
        }
        if (watched.failed()) {
            over(watched.cause());
            return;
        }
        if (member.needsEldest()) {
            // Before the join, so that the first change of membership it hears of says who is the eldest.
            onLoop(table.eldest(room), this::followed);
        } else {
            join();
        }
    }

    private void followed(AsyncResult<List<ConnectionRecord>> eldest) {
        if (state == State.OVER) {
            return;
        }
        if (eldest.failed()) {
            over(eldest.cause());
            return;
        }
        join();
    }

    private void join() {
        state = State.JOINING;
        RoomShard joining = room.shardOn(mailbox);
        shard = joining;
        joining.attach(seat);
        onLoop(registry.join(id(), room.name(), room.policy()), this::joined);
    }

    private void joined(AsyncResult<Position> joined) {
        if (state == State.OVER) {
            // The socket closed meanwhile. It unregisters after this join, and leaves nothing behind (R05).
            return;
        }
        if (joined.failed()) {
            if (isOutcomeUnknown(joined.cause())) {
                takeBack();
            }
            over(joined.cause());
            return;
        }
        prepare(joined.result());
    }

    private void prepare(Position at) {
        @Nullable Future<Void> preparing;
        try {
            preparing = member.prepare(room.name(), at);
        } catch (RuntimeException failure) {
            preparing = Future.failedFuture(failure);
        }
        if (preparing == null) {
            arrive(at);
            return;
        }
        onLoop(preparing, prepared -> {
            if (state == State.OVER) {
                return;
            }
            if (prepared.failed()) {
                takeBack();
                over(prepared.cause());
            } else {
                arrive(at);
            }
        });
    }

    private void arrive(Position at) {
        try {
            RoomShard joining = shard;
            if (joining == null || !joining.enter(room.name(), seat, at)) {
                throw new CloseException(
                        CloseReason.INSUFFICIENT_STATE.saying("the room was too busy to enter, come again"));
            }
        } catch (RuntimeException failure) {
            takeBack();
            over(failure);
            return;
        }
        if (state == State.JOINING) {
            state = State.LIVE;
            entered.complete(at);
        }
    }

    private static boolean isOutcomeUnknown(Throwable cause) {
        return cause instanceof RegistryException failure && failure.reason() == RegistryException.Reason.TIMEOUT;
    }

    /** A member that is not served here must not be one for the others. */
    private void takeBack() {
        registry.leave(id(), room.name())
                .onFailure(cause -> LOG.debug("A join could not be taken back, closing will do it", cause));
    }

    /** From now on its frames are of this format. */
    void reformat(Format format) {
        RoomShard attached = shard;
        if (attached == null) {
            seat.reformat(format);
        } else {
            attached.reformat(seat, format);
        }
    }

    /**
     * Leaves and comes in again for the others, under the record the connection has now. For the member nothing is
     * missing: it keeps its seat.
     *
     * @return fails if the registry cannot be asked; then nobody knows whether it is a member, and it should be closed
     */
    Future<Void> announce() {
        return entered.future()
                .compose(in -> said.transform(answered -> Future.succeededFuture()))
                .compose(answered -> {
                    if (state != State.LIVE) {
                        return Future.succeededFuture();
                    }
                    // Not one after the other: calls of one connection take effect in the order they are made (R05),
                    // and nothing may come between these two.
                    Future<Boolean> left = registry.leave(id(), room.name());
                    Future<Position> back = registry.join(id(), room.name(), room.policy());
                    return Future.join(left, back).mapEmpty();
                });
    }

    /** The member said something. What was refused at once has no place in the order, and is not waited for. */
    void say(Future<?> published) {
        if (!published.isComplete()) {
            said = published;
        }
    }

    /** Complete when what the member said so far has been answered. */
    Future<?> said() {
        return said;
    }

    // ---- the way out ----

    /** Leaves, after the join if that is under way, and after what the member said: others hear that first. */
    Future<Boolean> leave() {
        Promise<Boolean> asked = leaving;
        if (asked != null) {
            return asked.future();
        }
        Promise<Boolean> promise = Promise.promise();
        leaving = promise;
        entered.future().onComplete(done -> {
            if (done.failed()) {
                promise.complete(false);
            } else if (state == State.LIVE) {
                state = State.LEAVING;
                onLoop(said.transform(answered -> registry.leave(id(), room.name())), this::left);
            }
        });
        return promise.future();
    }

    private void left(AsyncResult<Boolean> answer) {
        Promise<Boolean> promise = leaving;
        if (state == State.OVER || promise == null) {
            return;
        }
        if (answer.failed()) {
            // Still a member for everybody else, so it goes on being one here.
            state = State.LIVE;
            leaving = null;
            promise.fail(answer.cause());
            return;
        }
        over(null);
    }

    /** The socket is closed: whoever closes it unregisters the connection, which ends its memberships. */
    void gone() {
        if (state != State.OVER) {
            over(new CloseException(CloseReason.NORMAL));
        }
    }

    private void over(@Nullable Throwable cause) {
        state = State.OVER;
        RoomShard attached = shard;
        if (attached != null) {
            room.detach(attached, seat);
        }
        table.release(room);
        onOver.run();
        if (cause != null) {
            entered.tryFail(cause);
        }
        Promise<Boolean> asked = leaving;
        if (asked != null) {
            asked.tryComplete(true);
        }
    }

    // ---- ----

    private String id() {
        return member.connection().id();
    }

    private <T> void onLoop(Future<T> future, Consumer<AsyncResult<T>> then) {
        EventLoop loop = member.connection().loop();
        future.onComplete(result -> {
            if (loop.inEventLoop()) {
                then.accept(result);
            } else {
                loop.execute(() -> then.accept(result));
            }
        });
    }
}
