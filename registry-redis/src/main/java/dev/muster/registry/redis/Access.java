package dev.muster.registry.redis;

import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an operation needs to talk to the server: the link, the names, the generations and who this node is. The
 * supervisor changes it as connections come and go. Belongs to the home context, but for {@link #self()}.
 */
final class Access {

    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    private final Home home;
    private final RegistryContext context;
    private Consumer<Throwable> onRefused = cause -> {};

    private volatile NodeId self;
    private RedisKeys keys;
    private List<byte[]> generations = List.of();
    private @Nullable CommandLink link;
    /** Why operations are refused now; null while they are served. */
    private @Nullable RegistryException refusal =
            new RegistryException(Reason.CLOSED, "the registry has not been started");

    Access(Home home, RegistryContext context) {
        this.home = home;
        this.context = context;
        this.self = NodeId.fresh(context.nodeName());
        this.keys = new RedisKeys(context.namespace(), 1);
    }

    Home home() {
        return home;
    }

    RegistryContext context() {
        return context;
    }

    NodeId self() {
        return self;
    }

    String owner() {
        return RedisKeys.owner(self);
    }

    RedisKeys keys() {
        return keys;
    }

    int buckets() {
        return keys.buckets();
    }

    void become(NodeId incarnation) {
        self = incarnation;
    }

    void enter(List<byte[]> generations) {
        this.generations = generations;
        if (generations.size() != keys.buckets()) {
            keys = new RedisKeys(context.namespace(), generations.size());
        }
    }

    void use(@Nullable CommandLink link) {
        this.link = link;
    }

    void refuse(@Nullable RegistryException refusal) {
        this.refusal = refusal;
    }

    /** Told when a script refuses this node because the generation changed or its lease ended. */
    void onRefused(Consumer<Throwable> handler) {
        onRefused = handler;
    }

    /** Throws if operations are not served now. */
    void require() {
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Why operations are refused now; null while they are served. */
    @Nullable
    RegistryException refusal() {
        return refusal;
    }

    /** Throws if the registry has not been started, or was closed. */
    void requireOpen() {
        if (refusal != null && refusal.reason() == Reason.CLOSED) {
            throw refusal;
        }
    }

    /** A call of {@code script} with its fence and generation filled in. */
    Evaluation script(Script script, int bucket) {
        return new Evaluation(script).key(keys.fence(bucket)).arg(generations.get(bucket));
    }

    Future<Response> evaluate(Evaluation evaluation, boolean changes) {
        return run(evaluation.request(), changes).map(Access::present);
    }

    /** @param deadline of the earliest caller, if it waited before */
    Future<Response> evaluate(Evaluation evaluation, boolean changes, long deadline) {
        return run(evaluation.request(), changes, deadline).map(Access::present);
    }

    private static Response present(@Nullable Response response) {
        if (response == null) {
            throw new RegistryException(Reason.REJECTED, "Redis answered a script with nothing");
        }
        return response;
    }

    Future<@Nullable Response> run(Request request, boolean changes) {
        return run(request, changes, home.deadline());
    }

    private Future<@Nullable Response> run(Request request, boolean changes, long deadline) {
        CommandLink current = link;
        if (current == null) {
            return Future.failedFuture(Failures.unavailable("there is no connection to Redis"));
        }
        return current.send(new Call(request, changes, deadline)).recover(cause -> {
            if (Failures.is(cause, Failures.STALE) || Failures.is(cause, Failures.FENCED)) {
                onRefused.accept(cause);
            }
            return Future.failedFuture(Failures.of(cause, changes));
        });
    }

    /** Six random bytes: what tells two groups of the same name apart that exist one after the other. */
    byte[] creation() {
        byte[] bytes = new byte[6];
        random.nextBytes(bytes);
        return bytes;
    }

    List<byte[]> generations() {
        return generations;
    }

    long idleMillis() {
        return context.timings().idleGroup().toMillis();
    }
}
