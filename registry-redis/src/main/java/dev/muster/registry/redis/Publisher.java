package dev.muster.registry.redis;

import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Publishes in the order of the calls. What is said in one round goes in one call of one script; while calls are under
 * way, up to {@value #WINDOW}, what is said meanwhile waits and goes together in the next, so the more there is to say
 * the less each publish costs.
 */
final class Publisher {

    /** Calls under way before publishes wait for each other. */
    private static final int WINDOW = 4;

    /** Publishes in one call: with 256 of them a script holds the server up for less than a millisecond. */
    private static final int MOST = 256;

    /** Bytes of bodies in one call, unless one alone has more. */
    private static final int MOST_BYTES = 1 << 20;

    private final Access access;
    private final long dedupeMillis;
    private final List<ArrayDeque<PublishRequest>> queues = new ArrayList<>();
    private int underWay;

    /** A call: the publishes of each group, in order. */
    private record Batch(int bucket, long deadline, Map<String, List<PublishRequest>> byGroup) {}

    Publisher(Access access) {
        this.access = access;
        this.dedupeMillis = access.context().timings().dedupe().toMillis();
    }

    /** Goes at the end of this round. */
    void add(PublishRequest request) {
        int bucket = access.keys().bucketOf(request.group);
        while (queues.size() <= bucket) {
            queues.add(new ArrayDeque<>());
        }
        queues.get(bucket).add(request);
        access.home().requestRound();
    }

    void flush() {
        for (int bucket = 0; bucket < queues.size(); bucket++) {
            ArrayDeque<PublishRequest> queue = queues.get(bucket);
            while (!queue.isEmpty() && (underWay < WINDOW || access.refusal() != null)) {
                send(take(bucket, queue));
            }
        }
    }

    private static Batch take(int bucket, ArrayDeque<PublishRequest> queue) {
        Map<String, List<PublishRequest>> byGroup = new LinkedHashMap<>();
        long deadline = queue.element().deadline;
        int bytes = 0;
        for (int number = 0; number < MOST && !queue.isEmpty(); number++) {
            bytes += queue.element().body.length;
            if (number > 0 && bytes > MOST_BYTES) {
                break;
            }
            PublishRequest next = queue.remove();
            byGroup.computeIfAbsent(next.group, group -> new ArrayList<>(4)).add(next);
        }
        return new Batch(bucket, deadline, byGroup);
    }

    private void send(Batch batch) {
        RegistryException refusal = access.refusal();
        if (refusal != null) {
            fail(batch, refusal);
            return;
        }
        Evaluation call = access.script(Script.PUBLISH, batch.bucket())
                .arg(access.idleMillis())
                .arg(access.owner())
                .arg(access.creation())
                .arg(dedupeMillis);
        batch.byGroup().forEach((group, requests) -> {
            call.key(access.keys().meta(group));
            append(call, requests);
        });
        underWay++;
        access.evaluate(call, true, batch.deadline()).onComplete(answer -> {
            underWay--;
            answered(batch, answer);
            flush();
        });
    }

    private static void append(Evaluation call, List<PublishRequest> requests) {
        boolean heads = false;
        for (PublishRequest request : requests) {
            heads |= request.head.length > 0;
        }
        // The group keeps the policy of the latest publish.
        Buffer spec = Buffer.buffer(14 + 4 * requests.size())
                .appendBytes(requests.get(requests.size() - 1).policy)
                .appendByte((byte) (heads ? 1 : 0));
        requests.forEach(request -> spec.appendInt(request.payloadBytes));
        call.arg(spec);
        for (PublishRequest request : requests) {
            if (heads) {
                call.arg(request.head);
            }
            call.arg(request.body);
        }
    }

    private static void answered(Batch batch, AsyncResult<Response> answer) {
        if (answer.failed()) {
            fail(batch, answer.cause());
            return;
        }
        int index = 0;
        for (List<PublishRequest> requests : batch.byGroup().values()) {
            Response result = Objects.requireNonNull(answer.result().get(index++));
            answered(requests, result.toBuffer());
        }
        tell(batch);
    }

    private static void answered(List<PublishRequest> requests, Buffer result) {
        switch (result.getByte(0)) {
            case 'P' -> {
                Position first = Positions.of(result, 1);
                for (int i = 0; i < requests.size(); i++) {
                    requests.get(i).accepted(first.at(first.offset() + i), false);
                }
            }
            case 'R' -> {
                for (int i = 0; i < requests.size(); i++) {
                    int at = 1 + i * (1 + Positions.BYTES);
                    answered(requests.get(i), result.getByte(at), Positions.of(result, at + 1));
                }
            }
            default -> {
                String message = result.getString(1, result.length());
                RegistryException failure = Failures.of(new IllegalStateException(message), true);
                requests.forEach(request -> request.failed(failure));
            }
        }
    }

    private static void answered(PublishRequest request, byte status, Position position) {
        switch (status) {
            case 'C' ->
                request.failed(
                        new RegistryException(Reason.CONFLICT, "the message id was used before with other content"));
            case 'X' ->
                request.failed(new RegistryException(Reason.CONFLICT, "the entry's revision is not the expected one"));
            default -> request.accepted(position, status == 'D');
        }
    }

    private static void fail(Batch batch, Throwable cause) {
        RegistryException failure = Failures.of(cause, true);
        batch.byGroup().values().forEach(requests -> requests.forEach(request -> request.failed(failure)));
        tell(batch);
    }

    /** Tells all callers of one context in one go: waking an event loop costs more than what it then does. */
    private static void tell(Batch batch) {
        Context here = Vertx.currentContext();
        Map<Context, List<PublishRequest>> elsewhere = new HashMap<>();
        batch.byGroup()
                .values()
                .forEach(requests -> requests.forEach(request -> {
                    if (request.caller == null || request.caller == here) {
                        request.tell();
                    } else {
                        elsewhere
                                .computeIfAbsent(request.caller, caller -> new ArrayList<>())
                                .add(request);
                    }
                }));
        elsewhere.forEach((caller, requests) -> caller.runOnContext(there -> requests.forEach(PublishRequest::tell)));
    }
}
