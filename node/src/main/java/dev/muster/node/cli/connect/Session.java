package dev.muster.node.cli.connect;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One user's stay at a server, over as many connections as it takes. Any thread. */
final class Session {

    private static final long GOODBYE_MS = 3_000;

    private final Vertx vertx;
    private final ConnectOptions options;
    private final Wire wire;
    private final Links links;
    private final Terminal terminal;
    private final BackOff backOff =
            new BackOff(() -> ThreadLocalRandom.current().nextDouble());
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    private @Nullable Link link;
    private Future<Void> sent = Future.succeededFuture();
    private boolean wasIn;
    private boolean leaving;

    Session(Vertx vertx, ConnectOptions options, Wire wire, Terminal terminal) {
        this.vertx = vertx;
        this.options = options;
        this.wire = wire;
        this.links = new Links(vertx, options, wire);
        this.terminal = terminal;
    }

    /** Completes with whether it ended as it should. */
    CompletableFuture<Boolean> ended() {
        return ended;
    }

    // ---- the user

    /** Sends a line; waits while there is no connection. */
    synchronized void type(String line) throws InterruptedException {
        while (link == null && !ended.isDone()) {
            wait();
        }
        send(wire.typed(line));
    }

    /** The user has said everything: waits for a connection to say it on, and ends. */
    void finish() throws InterruptedException {
        synchronized (this) {
            while (link == null && !ended.isDone()) {
                wait();
            }
        }
        leave();
    }

    /** Ends at once, in order. */
    void leave() {
        Future<Void> last;
        Link open;
        synchronized (this) {
            leaving = true;
            open = link;
            last = sent;
        }
        if (open == null) {
            end(true);
            return;
        }
        last.eventually(open::close).onComplete(done -> end(true));
        vertx.setTimer(GOODBYE_MS, late -> end(true));
    }

    // ---- the server

    void connect() {
        Link.Events events = new Link.Events() {
            @Override
            public void received(Frame frame) {
                arrived(frame);
            }

            @Override
            public void closed(int code, String reason) {
                lost(code, reason);
            }
        };
        // What it throws is a failure like others.
        Future.succeededFuture()
                .compose(now -> links.open(events))
                .onSuccess(this::in)
                .onFailure(this::refused);
    }

    private synchronized void in(Link open) {
        if (ended.isDone()) {
            open.close();
            return;
        }
        link = open;
        wasIn = true;
        terminal.note(
                "connected to " + options.url() + ", " + options.protocol().word());
        wire.opening().forEach(this::send);
        notifyAll();
    }

    private void refused(Throwable failure) {
        int status = failure instanceof UpgradeRejectedException answer ? answer.getStatus() : 0;
        String why = status == 0 ? reason(failure) : "the server answered " + status + " " + body(failure);
        boolean worth = status == 0 || Verdict.isWorthATry(status);
        if (wasIn && worth) {
            again(why);
        } else {
            terminal.complain(options.url() + " cannot be reached: " + why.strip());
            end(false);
        }
    }

    private static String body(Throwable failure) {
        return failure instanceof UpgradeRejectedException answer && answer.getBody() != null
                ? answer.getBody().toString()
                : "";
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private synchronized void arrived(Frame frame) {
        wire.received(frame, new Wire.Output() {
            @Override
            public void print(String line) {
                terminal.line(line);
            }

            @Override
            public void send(Frame answer) {
                Session.this.send(answer);
            }
        });
        // Not when the socket opens: a node that closes everybody at once again would be knocked at without a pause.
        backOff.reset();
    }

    private synchronized void send(Frame frame) {
        Link open = link;
        if (open != null) {
            sent = open.send(frame);
        }
    }

    private void lost(int code, String reason) {
        synchronized (this) {
            link = null;
            if (leaving) {
                end(true);
                return;
            }
        }
        String closed = code == 1006 ? "the connection broke" : "closed by the server: " + code + " " + reason;
        switch (Verdict.of(code)) {
            case DONE -> {
                terminal.note(closed);
                end(true);
            }
            case AGAIN -> again(closed);
            case OVER -> {
                terminal.complain(closed.strip() + "; coming back would end the same way");
                end(false);
            }
        }
    }

    private void again(String why) {
        long wait = backOff.next();
        terminal.note(String.format(Locale.ROOT, "%s, coming back in %.1f s", why.strip(), wait / 1000.0));
        vertx.setTimer(wait, now -> {
            if (!ended.isDone()) {
                connect();
            }
        });
    }

    private synchronized void end(boolean well) {
        ended.complete(well);
        notifyAll();
    }

    /** Waits for the end, but not for ever. */
    void awaitGoodbye() {
        try {
            ended.get(GOODBYE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            // Then without.
        }
    }
}
