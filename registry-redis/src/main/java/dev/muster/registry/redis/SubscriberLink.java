package dev.muster.registry.redis;

import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection that brings publications. It only ever subscribes and unsubscribes: a reply to anything else could be
 * mistaken for a publication. A subscription counts once the server has confirmed it.
 */
final class SubscriberLink {

    /** Channels in one command. */
    private static final int CHANNELS_AT_ONCE = 500;

    private final Home home;
    private final RedisConnector.Held held;
    private final BiConsumer<String, Buffer> onMessage;
    private final BiConsumer<SubscriberLink, Throwable> onLost;
    /** Per channel the subscriptions that are not confirmed yet, oldest first. */
    private final Map<String, ArrayDeque<Pending>> pending = new HashMap<>();
    /** Those of all channels in the order they were sent, for their deadlines. */
    private final ArrayDeque<Pending> sent = new ArrayDeque<>();

    private final Set<String> subscribed = new LinkedHashSet<>();
    private final Set<String> toSubscribe = new LinkedHashSet<>();
    private boolean lost;

    private static final class Pending {
        final Promise<Void> confirmed = Promise.promise();
        final long deadline;
        boolean done;

        Pending(long deadline) {
            this.deadline = deadline;
        }
    }

    SubscriberLink(
            Home home,
            RedisConnector.Held held,
            BiConsumer<String, Buffer> onMessage,
            BiConsumer<SubscriberLink, Throwable> onLost) {
        this.home = home;
        this.held = held;
        this.onMessage = onMessage;
        this.onLost = onLost;
        held.connection().handler(this::receive);
        held.connection().endHandler(end -> lose(Failures.unavailable("the subscriber connection was closed")));
        held.connection().exceptionHandler(this::lose);
    }

    /** Subscribes, with what others subscribe in the same round. Completes when the server has confirmed it. */
    Future<Void> subscribe(String channel) {
        if (lost) {
            return Future.failedFuture(Failures.unavailable("the subscriber connection is gone"));
        }
        ArrayDeque<Pending> waiting = pending.get(channel);
        if (waiting != null && subscribed.contains(channel)) {
            return waiting.getLast().confirmed.future();
        }
        if (!subscribed.add(channel)) {
            return Future.succeededFuture();
        }
        toSubscribe.add(channel);
        home.requestRound();
        Pending next = new Pending(home.deadline());
        pending.computeIfAbsent(channel, none -> new ArrayDeque<>()).add(next);
        sent.add(next);
        return next.confirmed.future();
    }

    Future<Void> subscribe(Collection<String> channels) {
        List<Future<Void>> all = new ArrayList<>();
        channels.forEach(channel -> all.add(subscribe(channel)));
        return Future.all(all).mapEmpty();
    }

    void unsubscribe(String channel) {
        if (lost || !subscribed.remove(channel)) {
            return;
        }
        flush();
        command(Command.UNSUBSCRIBE, List.of(channel));
    }

    /** Sends the subscriptions of this round. */
    void flush() {
        if (toSubscribe.isEmpty() || lost) {
            return;
        }
        List<String> channels = new ArrayList<>(toSubscribe);
        toSubscribe.clear();
        for (int from = 0; from < channels.size(); from += CHANNELS_AT_ONCE) {
            command(Command.SUBSCRIBE, channels.subList(from, Math.min(channels.size(), from + CHANNELS_AT_ONCE)));
        }
    }

    private void command(Command command, List<String> channels) {
        Request request = Request.cmd(command);
        channels.forEach(request::arg);
        // Completes when the bytes are written, which says nothing; the answer comes to the handler.
        held.connection().send(request).onFailure(this::lose);
    }

    /** Ends the connection if a confirmation is overdue. */
    void checkDeadlines() {
        while (!sent.isEmpty() && sent.peek().done) {
            sent.poll();
        }
        if (!sent.isEmpty() && sent.peek().deadline - home.now() <= 0) {
            lose(Failures.unavailable("Redis did not confirm a subscription in time"));
        }
    }

    void close() {
        if (!lost) {
            lost = true;
            held.drop();
            failPending(Failures.unavailable("the subscriber connection is closed"));
        }
    }

    void lose(Throwable cause) {
        if (!lost) {
            lost = true;
            held.drop();
            failPending(Failures.of(cause, false));
            onLost.accept(this, cause);
        }
    }

    private void failPending(RegistryException failure) {
        List<Pending> all = new ArrayList<>(sent);
        sent.clear();
        pending.clear();
        all.forEach(each -> each.confirmed.tryFail(failure));
    }

    private void receive(@Nullable Response message) {
        if (lost || message == null) {
            return;
        }
        switch (message.type()) {
            case PUSH, MULTI -> receiveParts(message);
            // The only commands are subscriptions, so this is the answer to one, and it says not to which.
            case ERROR -> lose((Throwable) message);
            default -> lose(new IllegalStateException("Redis sent what is no message"));
        }
    }

    private void receiveParts(Response message) {
        Response kind = message.get(0);
        Response channel = message.get(1);
        if (kind == null || channel == null) {
            return;
        }
        Response payload = message.size() > 2 ? message.get(2) : null;
        switch (kind.toString()) {
            case "message" -> {
                if (payload != null) {
                    onMessage.accept(channel.toString(), payload.toBuffer());
                }
            }
            case "subscribe" -> confirmed(channel.toString());
            default -> {
                // An unsubscription; nobody waits for it.
            }
        }
    }

    private void confirmed(String channel) {
        ArrayDeque<Pending> waiting = pending.get(channel);
        Pending first = waiting == null ? null : waiting.poll();
        if (waiting != null && waiting.isEmpty()) {
            pending.remove(channel);
        }
        if (first != null) {
            first.done = true;
            first.confirmed.tryComplete();
        }
    }
}
