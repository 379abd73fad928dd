package dev.muster.node.sync.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.QueryHandler;
import dev.muster.node.sync.ReadPolicy;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The namespace {@value #NAMESPACE}: entities by what they have. Params are
 * {@code {"components":["Name"],"without":["Parent"],"where":{"Name":{"name":"x"}},"limit":100}}, each optional: those that
 * have all of these components, none of those, and values that have at least these members. A row is
 * {@code {"entity":"42","components":{"Name":{…}}}}, with the components that were named, by ascending id.
 */
final class EntitiesQuery implements QueryHandler {

    static final String NAMESPACE = "entities";

    static final int DEFAULT_LIMIT = 1_000;
    static final int MAX_LIMIT = 10_000;

    private static final ObjectMapper TREES = new ObjectMapper();
    private static final JsonFactory JSON = TREES.getFactory();
    private static final Set<String> KEYS = Set.of("components", "without", "where", "limit");

    private final Sync sync;

    EntitiesQuery(Sync sync) {
        this.sync = sync;
    }

    /** What is asked for. */
    private record Asked(Set<String> components, Set<String> without, Map<String, JsonNode> where, int limit) {

        /** The components that an entity has to have. */
        Set<String> needed() {
            Set<String> needed = new TreeSet<>(components);
            needed.addAll(where.keySet());
            return needed;
        }

        boolean accepts(EntityState entity) {
            return components.stream().allMatch(name -> entity.component(name) != null)
                    && without.stream().allMatch(name -> entity.component(name) == null)
                    && where.entrySet().stream().allMatch(condition -> {
                        ComponentState component = entity.component(condition.getKey());
                        return component != null && includes(tree(component), condition.getValue());
                    });
        }
    }

    @Override
    public Future<List<String>> answer(Query query) {
        Asked asked = read(query.params());
        check(query, asked);
        List<EntityState> found = new ArrayList<>();
        Replica replica = query.replica();
        Optional<String> rarest = asked.needed().stream().min(Comparator.comparingInt(replica::count));
        if (rarest.isPresent()) {
            replica.forEach(rarest.get(), any -> addIf(asked, any.entity(), found));
        } else {
            replica.forEach(entity -> addIf(asked, entity, found));
        }
        found.sort(Comparator.comparing(EntityState::entity));
        return Future.succeededFuture(found.stream()
                .limit(asked.limit())
                .map(entity -> row(entity, asked.components()))
                .toList());
    }

    private static void addIf(Asked asked, EntityState entity, List<EntityState> found) {
        if (asked.accepts(entity)) {
            found.add(entity);
        }
    }

    private void check(Query query, Asked asked) {
        ReadPolicy policy = sync.reading();
        Set<String> named = new TreeSet<>(asked.components());
        named.addAll(asked.without());
        named.addAll(asked.where().keySet());
        if (named.isEmpty()) {
            named.add(Shape.ALL);
        }
        for (String component : named) {
            if (!policy.allows(query.identity(), query.replica().space(), component)) {
                throw new SyncException(Status.FORBIDDEN, "this is not allowed");
            }
        }
    }

    // ---- params ----

    private Asked read(JsonNode params) {
        if (!params.isNull() && !params.isObject()) {
            throw wrong("params must be an object");
        }
        for (Iterator<String> names = params.fieldNames(); names.hasNext(); ) {
            if (!KEYS.contains(names.next())) {
                throw wrong("params may have " + String.join(", ", new TreeSet<>(KEYS)) + ", and nothing else");
            }
        }
        return new Asked(
                names("components", params.path("components")),
                names("without", params.path("without")),
                where(params.path("where")),
                limit(params.path("limit")));
    }

    private static SyncException wrong(String message) {
        return new SyncException(Status.INVALID_PARAMS, message);
    }

    private Set<String> names(String key, JsonNode list) {
        if (!list.isMissingNode() && !list.isArray()) {
            throw wrong(key + " must be an array of names");
        }
        Set<String> names = new TreeSet<>();
        for (JsonNode name : list) {
            names.add(known(key, name.textValue()));
        }
        return names;
    }

    private String known(String key, @Nullable String name) {
        if (name == null || sync.find(name) == null) {
            throw wrong(key + " must name components; there are "
                    + String.join(", ", sync.types().keySet()));
        }
        return name;
    }

    private Map<String, JsonNode> where(JsonNode where) {
        if (!where.isMissingNode() && !where.isObject()) {
            throw wrong("where must be an object");
        }
        Map<String, JsonNode> conditions = new TreeMap<>();
        for (Map.Entry<String, JsonNode> condition : where.properties()) {
            conditions.put(known("where", condition.getKey()), condition.getValue());
        }
        return conditions;
    }

    private static int limit(JsonNode limit) {
        if (limit.isMissingNode()) {
            return DEFAULT_LIMIT;
        }
        if (!limit.isInt() || limit.intValue() < 1 || limit.intValue() > MAX_LIMIT) {
            throw wrong("limit must be a whole number from 1 to " + MAX_LIMIT);
        }
        return limit.intValue();
    }

    // ---- values ----

    private static String row(EntityState entity, Set<String> components) {
        StringWriter row = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(row)) {
            json.writeStartObject();
            json.writeStringField("entity", entity.entity().toString());
            json.writeObjectFieldStart("components");
            for (String name : components) {
                ComponentState component = entity.component(name);
                if (component != null) {
                    json.writeFieldName(name);
                    json.writeTree(tree(component));
                }
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return row.toString();
    }

    private static JsonNode tree(ComponentState component) {
        ComponentType<?> type = component.type();
        if (type == null) {
            return TREES.nullNode();
        }
        StringWriter value = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(value)) {
            type.writeJson(json, component.bytes());
        } catch (SyncException otherBytes) {
            // Of a program that has another record of that name.
            return TREES.nullNode();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        try {
            return TREES.readTree(value.toString());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Whether a value has at least what is wanted of it. */
    private static boolean includes(JsonNode value, JsonNode wanted) {
        if (!wanted.isObject()) {
            return value.equals(wanted) || isSameNumber(value, wanted);
        }
        for (Map.Entry<String, JsonNode> member : wanted.properties()) {
            if (!includes(value.path(member.getKey()), member.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** 1 and 1.0 are one number. */
    private static boolean isSameNumber(JsonNode value, JsonNode wanted) {
        return value.isNumber() && wanted.isNumber() && value.doubleValue() == wanted.doubleValue();
    }
}
