package dev.muster.node.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.node.sync.component.ExternalId;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Parent;
import dev.muster.node.sync.component.Position;
import dev.muster.node.sync.component.Tags;
import dev.muster.node.sync.component.Template;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an application declares about its spaces. Immutable; any thread. */
public final class Sync {

    /** The space of those who name none. */
    public static final String WORLD = "world";

    private static final List<Class<? extends Record>> BUILT_IN = List.of(
            Name.class, Parent.class, Owner.class, Tags.class, ExternalId.class, Template.class, EntityControl.class);

    /** The built-in components and a position, in the space {@link #WORLD}. */
    public static final Sync DEFAULT = builder()
            .component(Position.class)
            .position(Position.class, position -> new Point(position.x(), position.y(), position.z()))
            .build();

    /** A place, for what is near it. */
    public record Point(double x, double y, double z) {}

    /**
     * Where an entity is.
     *
     * @param <C> the component that says it
     */
    public record Place<C extends Record>(ComponentType<C> type, Function<C, Point> point) {

        /** The place that bytes of the component name. */
        public Point of(byte[] bytes) {
            return point.apply(type.decode(bytes));
        }
    }

    private final Map<String, ComponentType<?>> types;
    private final Set<String> spaces;
    private final Map<String, String> rooms;
    private final Duration tick;
    private final boolean conflating;
    private final @Nullable MutationPolicy mutations;
    private final ReadPolicy reading;
    private final Map<String, QueryHandler> queries;
    private final @Nullable Place<?> place;

    private Sync(Builder builder) {
        this.types = Collections.unmodifiableMap(new LinkedHashMap<>(builder.types));
        // In the order in which they were declared, which is the same on all nodes.
        this.spaces = Collections.unmodifiableSet(
                new LinkedHashSet<>(builder.spaces.isEmpty() ? Set.of(WORLD) : builder.spaces));
        this.rooms = Collections.unmodifiableMap(new LinkedHashMap<>(builder.rooms));
        this.tick = builder.tick;
        this.conflating = builder.conflating;
        this.mutations = builder.mutations;
        this.reading = builder.reading;
        this.queries = Map.copyOf(builder.queries);
        this.place = builder.place;
    }

    /** The built-in components, to begin with. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The same with further spaces, behind those that it has.
     *
     * @throws IllegalArgumentException if one has a name that no space has; see {@link Builder#space}
     */
    public Sync and(Set<String> further) {
        Builder all = new Builder();
        all.types.putAll(types);
        all.queries.putAll(queries);
        all.tick = tick;
        all.conflating = conflating;
        all.mutations = mutations;
        all.reading = reading;
        all.place = place;
        all.spaces.addAll(spaces);
        all.rooms.putAll(rooms);
        further.forEach(all::space);
        return all.build();
    }

    /** All components by name, in the order in which they were declared. */
    public Map<String, ComponentType<?>> types() {
        return types;
    }

    /** The component of this name, if it was declared. */
    public @Nullable ComponentType<?> find(String name) {
        return types.get(name);
    }

    /**
     * The declaration of a record.
     *
     * @throws SyncException NOT_FOUND if it was not declared
     */
    @SuppressWarnings("unchecked") // its type is compared
    public <C extends Record> ComponentType<C> type(Class<C> record) {
        ComponentType<?> declared = types.get(record.getSimpleName());
        if (declared == null || declared.type() != record) {
            throw new SyncException(Status.NOT_FOUND, record.getSimpleName() + " is no component that was declared");
        }
        return (ComponentType<C>) declared;
    }

    /** Whether there is such a space. */
    public boolean hasSpace(String name) {
        return spaces.contains(name);
    }

    /** All spaces. */
    public Set<String> spaces() {
        return spaces;
    }

    /** Which rooms' protobuf members change which space: spaces by room pattern, see {@link Builder#room}. */
    public Map<String, String> rooms() {
        return rooms;
    }

    /** How long changes are gathered before clients are told. */
    public Duration tick() {
        return tick;
    }

    /** Whether of several changes of one component within a tick only the last is told. */
    public boolean conflating() {
        return conflating;
    }

    /**
     * What clients may change.
     *
     * @param everybody whether the node lets everybody in, as in development: then everything, if nothing was declared
     */
    public MutationPolicy mutations(boolean everybody) {
        return mutations != null ? mutations : everybody ? MutationPolicy.ALLOW : MutationPolicy.DENY;
    }

    /** What clients may see. */
    public ReadPolicy reading() {
        return reading;
    }

    /** Who answers queries, by namespace. */
    public Map<String, QueryHandler> queries() {
        return queries;
    }

    /** Where entities are, if anything says it. */
    public @Nullable Place<?> place() {
        return place;
    }

    /** A JSON Schema document that defines every component, in UTF-8. */
    public byte[] schema() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.writeObjectFieldStart("$defs");
            for (ComponentType<?> type : types.values()) {
                json.writeFieldName(type.name());
                type.writeSchema(json);
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail as a stream does", impossible);
        }
        return out.toByteArray();
    }

    /** Takes declarations. */
    public static final class Builder {

        /** A thirtieth of a second. */
        private static final Duration DEFAULT_TICK = Duration.ofNanos(33_333_333);

        private final Map<String, ComponentType<?>> types = new LinkedHashMap<>();
        private final Set<String> spaces = new LinkedHashSet<>();
        private final Map<String, String> rooms = new LinkedHashMap<>();
        private final Map<String, QueryHandler> queries = new LinkedHashMap<>();
        private Duration tick = DEFAULT_TICK;
        private boolean conflating = true;
        private @Nullable MutationPolicy mutations;
        private ReadPolicy reading = ReadPolicy.ALLOW;
        private @Nullable Place<?> place;

        private Builder() {
            BUILT_IN.forEach(this::component);
        }

        /**
         * Declares a component.
         *
         * @throws IllegalArgumentException if a field has a type that components do not have, or another record has the
         *     same simple name
         */
        public Builder component(Class<? extends Record> type) {
            declare(type);
            return this;
        }

        private <C extends Record> ComponentType<C> declare(Class<C> type) {
            ComponentType<C> declared = ComponentType.of(type);
            ComponentType<?> before = types.putIfAbsent(declared.name(), declared);
            if (before != null && before.type() != type) {
                throw new IllegalArgumentException("the component " + declared.name() + " is declared twice: by "
                        + before.type().getName() + " and by " + type.getName());
            }
            return declared;
        }

        /**
         * Adds a space; {@link Sync#WORLD} is there only if no other was named.
         *
         * @throws IllegalArgumentException if it has not 1 to 128 letters, digits, dots, dashes, underscores and tildes
         */
        public Builder space(String name) {
            if (!SpaceKeys.isName(name)) {
                throw new IllegalArgumentException(
                        "a space's name has 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, but is \"" + name + "\"");
            }
            spaces.add(name);
            return this;
        }

        /**
         * Makes the entities of a space those of a relay's room: what protobuf members of the room spawn, update and
         * despawn, they do in the space, and their hello shows what is in it. Without it rooms and spaces have nothing
         * to do with each other.
         *
         * @param pattern a room, or several: {@code *} stands for any characters. The first pattern that fits counts
         * @param space one that was declared
         * @throws IllegalArgumentException if the pattern is empty; by {@link #build} if there is no such space
         */
        public Builder room(String pattern, String space) {
            if (pattern.isEmpty()) {
                throw new IllegalArgumentException("the name of a room has at least one character");
            }
            rooms.put(pattern, space);
            return this;
        }

        /**
         * How long changes are gathered before clients are told; 33 ms if it is not said.
         *
         * @throws IllegalArgumentException if it is not 1 ms to 10 s
         */
        public Builder tick(Duration tick) {
            if (tick.toMillis() < 1 || tick.toSeconds() > 10) {
                throw new IllegalArgumentException("a tick takes 1 ms to 10 s, but this " + tick);
            }
            this.tick = tick;
            return this;
        }

        /** Whether of several changes of one component within a tick only the last is told; true if it is not said. */
        public Builder conflating(boolean conflating) {
            this.conflating = conflating;
            return this;
        }

        /** What clients may change; if it is not said, everything in development and nothing otherwise. */
        public Builder mutations(MutationPolicy policy) {
            this.mutations = policy;
            return this;
        }

        /** What clients may see; if it is not said, everything. */
        public Builder reading(ReadPolicy policy) {
            this.reading = policy;
            return this;
        }

        /** Answers queries of a namespace. */
        public Builder query(String namespace, QueryHandler handler) {
            queries.put(namespace, handler);
            return this;
        }

        /** Declares a component that says where an entity is, so that clients can ask for what is near. */
        public <C extends Record> Builder position(Class<C> type, Function<C, Point> point) {
            this.place = new Place<>(declare(type), point);
            return this;
        }

        /** All of it. */
        public Sync build() {
            Sync declared = new Sync(this);
            rooms.forEach((pattern, space) -> {
                if (!declared.hasSpace(space)) {
                    throw new IllegalArgumentException(
                            "the rooms \"" + pattern + "\" are for a space that was not declared: " + space);
                }
            });
            return declared;
        }
    }
}
