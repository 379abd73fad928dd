package dev.muster.node.ops;

import dev.muster.registry.RegistryException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often each operation of the registry was called, how it ended and how long it took. */
public final class RegistryFigures {

    /** What is counted; {@code lookup} is everything that asks without changing. */
    enum Operation {
        REGISTER,
        UNREGISTER,
        WATCH,
        UNWATCH,
        JOIN,
        LEAVE,
        PUBLISH,
        READ,
        HEADS,
        LOOKUP,
        SEND;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One operation's. */
    private static final class Figures {
        /** By outcome, see {@link #outcomes}; never changed after it was filled. */
        final Map<String, LongAdder> ended = new LinkedHashMap<>();

        final Map<RegistryException.Reason, LongAdder> failed = new EnumMap<>(RegistryException.Reason.class);
        final LongAdder done = new LongAdder();
        final LongAdder other = new LongAdder();
        final LatencyFigures times = new LatencyFigures();

        Figures() {
            ended.put("ok", done);
            for (RegistryException.Reason reason : RegistryException.Reason.values()) {
                LongAdder count = new LongAdder();
                failed.put(reason, count);
                ended.put(reason.name().toLowerCase(Locale.ROOT), count);
            }
            ended.put("other", other);
        }

        LongAdder of(@Nullable Throwable failure) {
            if (failure == null) {
                return done;
            }
            LongAdder known = failure instanceof RegistryException named ? failed.get(named.reason()) : null;
            return known == null ? other : known;
        }
    }

    private final Map<Operation, Figures> operations = new EnumMap<>(Operation.class);
    private final LatencyFigures latency = new LatencyFigures();

    /** Begins at nothing. */
    public RegistryFigures() {
        for (Operation operation : Operation.values()) {
            operations.put(operation, new Figures());
        }
    }

    private Figures of(Operation operation) {
        return Objects.requireNonNull(operations.get(operation), "every operation has figures");
    }

    void ended(Operation operation, @Nullable Throwable failure, long tookNanos) {
        Figures figures = of(operation);
        figures.of(failure).increment();
        figures.times.record(tookNanos);
    }

    /** From socket to socket on this node. */
    LatencyFigures latency() {
        return latency;
    }

    /** How it ended, and how often: {@code ok}, the reason of a failure, or {@code other}. */
    Map<String, LongAdder> outcomes(Operation operation) {
        return of(operation).ended;
    }

    /** Operations that ended, with whatever outcome. */
    long count(Operation operation) {
        long count = 0;
        for (LongAdder outcome : of(operation).ended.values()) {
            count += outcome.sum();
        }
        return count;
    }

    /** How long they took. */
    LatencyFigures times(Operation operation) {
        return of(operation).times;
    }
}
