package dev.muster.registry.redis;

import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/** A command on its way to the server and back. */
final class Call {

    final Request request;
    /** Whether it may change something: if its reply gets lost the outcome is then unknown. */
    final boolean changes;
    /** When its caller gives up, by the monotonic clock. */
    final long deadline;

    final Promise<@Nullable Response> reply = Promise.promise();
    /** Its place among the commands of the link. */
    long number;

    boolean answered;

    Call(Request request, boolean changes, long deadline) {
        this.request = request;
        this.changes = changes;
        this.deadline = deadline;
    }
}
