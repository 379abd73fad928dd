package dev.muster.registry;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What a node gives its registry.
 *
 * @param vertx runs its timers and callbacks; the registry does not close it
 * @param namespace keeps clusters on one backend apart (R24), 1 to 64 characters of {@code [A-Za-z0-9._-]}
 * @param nodeName the name of this node, see {@link NodeId#name()}
 * @param clock wall time, for the fields that people read; never for time-outs
 * @param nanoTime monotonic time in ns, for everything that measures
 * @param timings its clocks
 * @param maxPayload largest payload in bytes (R18)
 * @param options values of the provider's {@link RegistryProvider#options()} that were given
 */
public record RegistryContext(
        Vertx vertx,
        String namespace,
        String nodeName,
        Clock clock,
        LongSupplier nanoTime,
        RegistryTimings timings,
        int maxPayload,
        Map<String, String> options) {

    /** 10 MiB and the 8 bytes of a packet's length: the largest thing a client may say on any wire. */
    public static final int DEFAULT_MAX_PAYLOAD = (10 << 20) + 8;

    public RegistryContext {
        Objects.requireNonNull(vertx, "vertx");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(nanoTime, "nanoTime");
        Objects.requireNonNull(timings, "timings");
        if (!NodeId.isName(namespace)) {
            throw new IllegalArgumentException("namespace must be 1 to " + NodeId.MAX_NAME
                    + " characters of A-Z a-z 0-9 . _ -, but is \"" + Limits.shown(namespace) + "\"");
        }
        if (!NodeId.isName(nodeName)) {
            throw new IllegalArgumentException("node name must be 1 to " + NodeId.MAX_NAME
                    + " characters of A-Z a-z 0-9 . _ -, but is \"" + Limits.shown(nodeName) + "\"");
        }
        if (maxPayload < 1) {
            throw new IllegalArgumentException("maxPayload must be positive, but is " + maxPayload);
        }
        options = Map.copyOf(options);
    }

    /** A context with the real clocks and the default timings. */
    public static RegistryContext of(Vertx vertx, String namespace, String nodeName, Map<String, String> options) {
        return new RegistryContext(
                vertx,
                namespace,
                nodeName,
                Clock.systemUTC(),
                System::nanoTime,
                RegistryTimings.DEFAULT,
                DEFAULT_MAX_PAYLOAD,
                options);
    }

    /** The same with other timings. */
    public RegistryContext withTimings(RegistryTimings timings) {
        return new RegistryContext(vertx, namespace, nodeName, clock, nanoTime, timings, maxPayload, options);
    }
}
