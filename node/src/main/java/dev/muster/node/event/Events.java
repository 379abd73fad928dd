package dev.muster.node.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events that an application declares, with what handles them. Any thread. */
public final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    /** No events of the application's own. */
    public static final Events NONE = builder().build();

    private static final String FROM_CLIENTS = "client.";

    private record Handling<E extends Record>(Class<E> type, Filter filter, EventHandler<E> handler) {

        void offer(Received<?> received) {
            if (type.isInstance(received.event()) && filter.accepts(received.attributes())) {
                run(received);
            }
        }

        @SuppressWarnings("unchecked") // its event is of the handler's type
        private void run(Received<?> received) {
            try {
                handler.handle((Received<E>) received);
            } catch (Exception failure) {
                LOG.error("A handler of {} failed, the others go on", received.channel(), failure);
            }
        }
    }

    private final Map<String, EventType<?>> types;
    private final List<Handling<?>> handlings;
    private final List<Interceptor> interceptors;

    private Events(Builder builder) {
        this.types = Map.copyOf(builder.types);
        this.handlings = List.copyOf(builder.handlings);
        this.interceptors = List.copyOf(builder.interceptors);
    }

    /** Nothing declared yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether clients publish events of this name. */
    public static boolean isFromClients(String name) {
        return name.startsWith(FROM_CLIENTS);
    }

    /** The declared event of this name. */
    public @Nullable EventType<?> find(String name) {
        return types.get(name);
    }

    /** The names of all declared events. */
    public Set<String> names() {
        return types.keySet();
    }

    /** Whether anybody looks at what a client says about an event. */
    public boolean readsAttributes() {
        return !handlings.isEmpty() || !interceptors.isEmpty();
    }

    /**
     * Has an event handled.
     *
     * @param own what the node itself does with it, before the handlers
     * @throws Refused if an interceptor does not want it
     */
    public void handle(Received<?> received, Runnable own) {
        if (interceptors.isEmpty() && handlings.isEmpty()) {
            own.run();
        } else {
            proceed(received, own, 0);
        }
    }

    private void proceed(Received<?> received, Runnable own, int index) {
        if (index < interceptors.size()) {
            interceptors.get(index).around(received, () -> proceed(received, own, index + 1));
            return;
        }
        own.run();
        for (Handling<?> handling : handlings) {
            handling.offer(received);
        }
    }

    /** Takes declarations. */
    public static final class Builder {

        private final Map<String, EventType<?>> types = new LinkedHashMap<>();
        private final List<Handling<?>> handlings = new ArrayList<>();
        private final List<Interceptor> interceptors = new ArrayList<>();

        private Builder() {}

        /**
         * Declares an event.
         *
         * @throws IllegalArgumentException if it cannot be an event, or if another record has its name
         */
        public <E extends Record> Builder declare(Class<E> type) {
            EventType<E> declared = EventType.of(type);
            EventType<?> before = types.putIfAbsent(declared.name(), declared);
            if (before != null && before.type() != type) {
                throw new IllegalArgumentException("the event " + declared.name() + " is declared twice: by "
                        + before.type().getName() + " and by " + type.getName());
            }
            return this;
        }

        /** Declares an event and handles those that clients publish. */
        public <E extends Record> Builder on(Class<E> type, EventHandler<E> handler) {
            return on(type, Filter.ANY, handler);
        }

        /**
         * Declares an event and handles those that clients publish with such attributes.
         *
         * @throws IllegalArgumentException also if its name does not begin with {@code client.}
         */
        public <E extends Record> Builder on(Class<E> type, Filter filter, EventHandler<E> handler) {
            declare(type);
            String name = EventType.of(type).name();
            if (!isFromClients(name)) {
                throw new IllegalArgumentException(
                        "clients may publish " + FROM_CLIENTS + "* only, so nobody publishes " + name);
            }
            handlings.add(new Handling<>(type, filter, handler));
            return this;
        }

        /** Stands around the handling of each event; the first is the outermost. */
        public Builder intercept(Interceptor interceptor) {
            interceptors.add(interceptor);
            return this;
        }

        /** All of it. */
        public Events build() {
            return new Events(this);
        }
    }
}
