package dev.muster.registry.redis;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that carries this node's commands, pipelined and in order. A command that is not answered in time
 * ends the connection: its reply would be taken for that of another.
 *
 * <p>When the server has forgotten the scripts, the commands it refused are sent again, in their order, once the
 * scripts are loaded and the generation turned out to be the same.
 */
final class CommandLink {

    private static final Logger LOG = LoggerFactory.getLogger(CommandLink.class);

    /** Commands that may be under way; more are refused as busy. */
    static final int MAX_IN_FLIGHT = 4_096;

    private final Home home;
    private final RedisConnector.Held held;
    private final Supplier<Future<Void>> reload;
    private final Consumer<Throwable> onLost;
    private final ArrayDeque<Call> inFlight = new ArrayDeque<>();
    /** Waiting for the scripts to be loaded: first what the server refused for want of them, then what came since. */
    private final ArrayDeque<Call> parked = new ArrayDeque<>();

    private boolean reloading;
    private boolean refusedSome;
    private boolean lost;
    private long sent;
    private long lastScript;

    /**
     * @param reload loads the scripts on this connection again, and fails if the generation is another one now
     * @param onLost told once when the connection is of no use any more
     */
    CommandLink(Home home, RedisConnector.Held held, Supplier<Future<Void>> reload, Consumer<Throwable> onLost) {
        this.home = home;
        this.held = held;
        this.reload = reload;
        this.onLost = onLost;
        held.connection().endHandler(end -> lose(Failures.unavailable("the connection to Redis was closed")));
        held.connection().exceptionHandler(this::lose);
    }

    Future<@Nullable Response> send(Call call) {
        if (lost) {
            return Future.failedFuture(Failures.unavailable("the connection to Redis is gone"));
        }
        if (inFlight.size() + parked.size() >= MAX_IN_FLIGHT) {
            return Future.failedFuture(Failures.unavailable(
                    "Redis is busy: " + MAX_IN_FLIGHT + " commands of this node wait for their answers"));
        }
        if (refusedSome || reloading) {
            parked.add(call);
        } else {
            transmit(call);
        }
        return call.reply.future();
    }

    int inFlight() {
        return inFlight.size();
    }

    /** Ends the connection if a command's time is up. */
    void checkDeadlines() {
        long now = home.now();
        Call first = inFlight.peek();
        if (first != null && first.deadline - now <= 0) {
            lose(new RegistryException(Reason.TIMEOUT, "Redis did not answer within the operation time-out"));
            return;
        }
        while (!parked.isEmpty() && parked.peek().deadline - now <= 0) {
            parked.poll().reply.fail(Failures.unavailable("Redis lost its scripts, and loading them takes too long"));
        }
    }

    /** Ends the connection without a word. */
    void close() {
        if (!lost) {
            lost = true;
            held.drop();
            failAll(Failures.unavailable("the connection to Redis is closed"));
        }
    }

    /** Ends the connection. */
    void lose(Throwable cause) {
        if (!lost) {
            lost = true;
            held.drop();
            failAll(cause);
            onLost.accept(cause);
        }
    }

    private void failAll(Throwable cause) {
        List<Call> unanswered = new ArrayList<>(inFlight);
        List<Call> unsent = new ArrayList<>(parked);
        inFlight.clear();
        parked.clear();
        for (Call call : unanswered) {
            call.answered = true;
            call.reply.tryFail(
                    call.changes
                            ? new RegistryException(
                                    Reason.TIMEOUT, "the connection to Redis broke before the answer came", cause)
                            : Failures.unavailable("the connection to Redis broke", cause));
        }
        unsent.forEach(call -> call.reply.tryFail(Failures.unavailable("the connection to Redis broke", cause)));
    }

    private void transmit(Call call) {
        call.number = ++sent;
        inFlight.add(call);
        held.connection().send(call.request).onComplete(answer -> answered(call, answer));
    }

    private void answered(Call call, AsyncResult<@Nullable Response> answer) {
        if (call.answered || lost) {
            return;
        }
        if (answer.failed() && !isReply(answer.cause())) {
            lose(answer.cause());
            return;
        }
        if (inFlight.peek() != call) {
            lose(new IllegalStateException("Redis answered out of order"));
            return;
        }
        inFlight.remove();
        call.answered = true;
        if (answer.succeeded()) {
            if (isScript(call)) {
                lastScript = call.number;
            }
            call.reply.complete(answer.result());
        } else if (Failures.is(answer.cause(), "NOSCRIPT")) {
            refuse(call);
        } else {
            call.reply.fail(answer.cause());
        }
        if (refusedSome && inFlight.isEmpty() && !reloading) {
            loadScripts();
        }
    }

    /** Error replies are failures of the command; anything else is one of the connection. */
    private static boolean isReply(Throwable cause) {
        return cause instanceof io.vertx.redis.client.impl.types.ErrorType && !Failures.is(cause, "CONNECTION_CLOSED");
    }

    private static boolean isScript(Call call) {
        return call.request.command().equals(Command.EVALSHA);
    }

    private void refuse(Call call) {
        refusedSome = true;
        call.answered = false;
        // Refused calls come back in their order, and nothing was sent since the first of them came back; what waited
        // meanwhile stays behind them.
        List<Call> later = new ArrayList<>();
        while (!parked.isEmpty() && parked.peekLast().number == 0) {
            later.add(0, parked.pollLast());
        }
        parked.add(call);
        parked.addAll(later);
    }

    private void loadScripts() {
        reloading = true;
        LOG.info("Redis has lost the scripts, loading them again");
        reload.get().onComplete(loaded -> {
            if (lost) {
                return;
            }
            if (loaded.failed()) {
                lose(loaded.cause());
                return;
            }
            reloading = false;
            refusedSome = false;
            List<Call> again = new ArrayList<>(parked);
            parked.clear();
            again.forEach(this::transmitAgain);
        });
    }

    private void transmitAgain(Call call) {
        if (call.number != 0 && call.number < lastScript) {
            // Another node loaded the script in between and a later command got through: repeating this one now would
            // put it behind a publication that was issued after it (R14).
            call.reply.fail(Failures.unavailable("Redis had lost its scripts"));
        } else {
            transmit(call);
        }
    }
}
