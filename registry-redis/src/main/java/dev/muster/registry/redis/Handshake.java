package dev.muster.registry.redis;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes first on every new command connection: is the server one that will do, and which generation of the data
 * does it hold? A server process other than the last one may have lost the newest data, so it gets a new generation,
 * and with it every group a new epoch (R16).
 */
final class Handshake {

    /** The generation of each bucket; there are as many as the namespace has. */
    record Outcome(List<byte[]> generations) {}

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int OLDEST_MAJOR_VERSION = 7;

    private final String namespace;
    private final RedisSettings settings;
    private final long leaseMillis;
    private boolean warned;

    Handshake(String namespace, RedisSettings settings, long leaseMillis) {
        this.namespace = namespace;
        this.settings = settings;
        this.leaseMillis = leaseMillis;
    }

    Future<Outcome> run(RedisConnection connection) {
        return connection
                .send(Request.cmd(Command.INFO).arg("server"))
                .map(info -> checkVersion(text(info)))
                .compose(runId -> checkEviction(connection).map(runId))
                .compose(runId -> fences(connection, runId))
                .compose(outcome -> loadScripts(connection).map(outcome));
    }

    private static String text(@Nullable Response response) {
        return response == null ? "" : response.toString();
    }

    /** Returns the server's run id. */
    private static String checkVersion(String info) {
        String version = field(info, "redis_version");
        String runId = field(info, "run_id");
        int dot = version.indexOf('.');
        int major = -1;
        try {
            major = Integer.parseInt(dot < 0 ? version : version.substring(0, dot));
        } catch (NumberFormatException unknown) {
            // Refused below.
        }
        if (major < OLDEST_MAJOR_VERSION || runId.isEmpty()) {
            throw new RegistryException(
                    Reason.REJECTED,
                    "Redis must be version 7.0 or later, but this is " + (version.isEmpty() ? "unknown" : version));
        }
        return runId;
    }

    private static String field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .map(line -> line.substring(name.length() + 1).strip())
                .orElse("");
    }

    private Future<Void> checkEviction(RedisConnection connection) {
        return connection
                .send(Request.cmd(Command.CONFIG).arg("GET").arg("maxmemory-policy"))
                .transform(answer -> {
                    if (answer.failed()) {
                        return unknownEviction(answer.cause());
                    }
                    Response value =
                            answer.result() == null ? null : answer.result().get("maxmemory-policy");
                    if (value != null && !value.toString().equals("noeviction")) {
                        return Future.failedFuture(new RegistryException(
                                Reason.REJECTED,
                                "Redis must not evict keys: its maxmemory-policy must be noeviction, but is " + value));
                    }
                    return Future.succeededFuture();
                });
    }

    private Future<Void> unknownEviction(Throwable cause) {
        if (!Failures.is(cause, "NOPERM") && !Failures.is(cause, "ERR")) {
            return Future.failedFuture(cause);
        }
        if (!warned) {
            warned = true;
            LOG.warn(
                    "Redis at {} does not let this user see its maxmemory-policy; unless it is noeviction, data will be"
                            + " lost when memory runs out",
                    settings.address());
        }
        return Future.succeededFuture();
    }

    private Future<Outcome> fences(RedisConnection connection, String runId) {
        return fence(connection, RedisKeys.firstFence(namespace), runId).compose(first -> {
            int buckets = Integer.parseInt(Objects.requireNonNull(first.get(1)).toString());
            Integer wanted = settings.buckets();
            if (wanted != null && wanted != buckets) {
                return Future.failedFuture(new RegistryException(
                        Reason.REJECTED,
                        "the namespace " + namespace + " has " + buckets + " buckets, which --" + RedisSettings.BUCKETS
                                + " " + wanted + " cannot change"));
            }
            RedisKeys keys = new RedisKeys(namespace, buckets);
            List<Future<byte[]>> generations = new ArrayList<>();
            generations.add(
                    Future.succeededFuture(Objects.requireNonNull(first.get(0)).toBytes()));
            for (int bucket = 1; bucket < buckets; bucket++) {
                generations.add(fence(connection, keys.fence(bucket), runId)
                        .map(answer -> Objects.requireNonNull(answer.get(0)).toBytes()));
            }
            return Future.all(generations)
                    .map(all ->
                            new Outcome(generations.stream().map(Future::result).toList()));
        });
    }

    private Future<Response> fence(RedisConnection connection, String key, String runId) {
        byte[] generation = new byte[8];
        RANDOM.nextBytes(generation);
        Request request = new Evaluation(Script.FENCE)
                .key(key)
                .arg(runId)
                .arg(generation)
                .arg(leaseMillis)
                .arg(settings.buckets() == null ? 1 : settings.buckets())
                .requestWithText();
        return connection.send(request).map(Objects::requireNonNull);
    }

    private static Future<Void> loadScripts(RedisConnection connection) {
        List<Future<?>> loads = new ArrayList<>();
        for (Script script : Script.values()) {
            loads.add(connection.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text())));
        }
        return Future.all(loads).mapEmpty();
    }
}
