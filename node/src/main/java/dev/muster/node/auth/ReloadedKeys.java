package dev.muster.node.auth;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key set that is read again from time to time, so that keys are added and removed without a restart. While it cannot
 * be read, the keys of the last time count.
 */
final class ReloadedKeys implements Keys {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedKeys.class);

    /** Tokens that name keys nobody has must not make us ask the issuer each time. */
    static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);

    private final String source;
    private final Supplier<Future<String>> read;
    private final LongSupplier nanoTime;
    private final long reloadNanos;

    private volatile List<VerificationKey> keys = List.of();
    private @Nullable Future<List<VerificationKey>> reading;
    private long readAt;
    private boolean failing;

    /**
     * @param source for messages
     * @param read reads the key set; may fail
     * @param reload how often
     * @param nanoTime monotonic, in ns
     */
    ReloadedKeys(String source, Supplier<Future<String>> read, Duration reload, LongSupplier nanoTime) {
        this.source = source;
        this.read = read;
        this.nanoTime = nanoTime;
        this.reloadNanos = reload.toNanos();
        this.readAt = nanoTime.getAsLong() - Math.max(reloadNanos, SHORTEST_PAUSE.toNanos());
    }

    /** Begins with keys that were read already. */
    void begin(String text) {
        keys = KeySet.parse(text);
        readAt = nanoTime.getAsLong();
    }

    @Override
    public List<VerificationKey> all() {
        return keys;
    }

    @Override
    public Future<List<VerificationKey>> lookAgain(@Nullable String keyId) {
        return readIfOlderThan(SHORTEST_PAUSE.toNanos());
    }

    @Override
    public void tick() {
        readIfOlderThan(reloadNanos);
    }

    private synchronized Future<List<VerificationKey>> readIfOlderThan(long nanos) {
        Future<List<VerificationKey>> underWay = reading;
        if (underWay != null) {
            return underWay;
        }
        if (nanoTime.getAsLong() - readAt < nanos) {
            return Future.succeededFuture(keys);
        }
        readAt = nanoTime.getAsLong();
        Future<List<VerificationKey>> now = read.get().map(KeySet::parse).transform(this::done);
        reading = now.isComplete() ? null : now;
        return now;
    }

    private synchronized Future<List<VerificationKey>> done(
            @Nullable List<VerificationKey> found, @Nullable Throwable failure) {
        reading = null;
        if (found == null) {
            if (!failing) {
                LOG.warn(
                        "The keys in {} cannot be read, the {} known ones still count: {}",
                        source,
                        keys.size(),
                        failure == null ? "" : failure.getMessage());
            }
            failing = true;
        } else {
            if (!found.equals(keys)) {
                LOG.info("Tokens may be signed with {} from {}", found, source);
            }
            failing = false;
            keys = found;
        }
        return Future.succeededFuture(keys);
    }
}
