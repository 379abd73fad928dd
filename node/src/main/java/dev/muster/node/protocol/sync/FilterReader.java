package dev.muster.node.protocol.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.protocol.Json;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.session.Filter;
import dev.muster.node.sync.session.Filters;
import dev.muster.registry.Limits;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Reads filters: {@code {"owner":"ann","tag":"ship","region":{…}}}, each of them optional, all of them to hold. A region
 * is {@code {"center":{"x":0,"y":0,"z":0},"radius":10}} or {@code {"min":{…},"max":{…}}}; in a center a coordinate that is
 * left out is 0, in a box it does not matter.
 */
final class FilterReader {

    private static final ObjectMapper TREES = new ObjectMapper(Json.FACTORY);

    private static final String KEYS = "must have owner, tag or region";
    private static final String REGION = "must have center and radius, or min and max";

    private final Sync sync;

    FilterReader(Sync sync) {
        this.sync = sync;
    }

    Filter read(Buffer json) throws SyncFrame.Wrong {
        JsonNode object = tree(json);
        if (!object.isObject() || object.isEmpty()) {
            throw new SyncFrame.Wrong("filter", KEYS);
        }
        List<Filter.Condition> conditions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            conditions.add(condition(member.getKey(), member.getValue()));
        }
        return new Filter(conditions);
    }

    private static JsonNode tree(Buffer json) throws SyncFrame.Wrong {
        try {
            return TREES.readTree(json.getBytes());
        } catch (IOException broken) {
            throw new SyncFrame.Wrong("filter", "must be JSON");
        }
    }

    private Filter.Condition condition(String name, JsonNode value) throws SyncFrame.Wrong {
        return switch (name) {
            case "owner" -> Filters.owner(text("filter.owner", value));
            case "tag" -> Filters.tag(text("filter.tag", value));
            case "region" -> region(value);
            default -> throw new SyncFrame.Wrong("filter", KEYS + ", not " + Limits.shown(name));
        };
    }

    private static String text(String path, JsonNode value) throws SyncFrame.Wrong {
        if (!value.isTextual()
                || value.textValue().isEmpty()
                || value.textValue().length() > 255) {
            throw new SyncFrame.Wrong(path, "must be a text of 1 to 255 characters");
        }
        return value.textValue();
    }

    private Filter.Condition region(JsonNode region) throws SyncFrame.Wrong {
        Sync.Place<?> place = sync.place();
        if (place == null) {
            throw new SyncFrame.Wrong("filter.region", "cannot be asked for: no component says where an entity is");
        }
        boolean isBall = region.isObject() && region.size() == 2 && region.has("center") && region.has("radius");
        boolean isBox = region.isObject() && region.size() == 2 && region.has("min") && region.has("max");
        if (isBall) {
            double radius = number("filter.region.radius", region.get("radius"));
            if (radius < 0) {
                throw new SyncFrame.Wrong("filter.region.radius", "must not be negative");
            }
            return Filters.ball(place, point("filter.region.center", region.get("center"), 0), radius);
        }
        if (isBox) {
            return Filters.box(
                    place,
                    point("filter.region.min", region.get("min"), Double.NEGATIVE_INFINITY),
                    point("filter.region.max", region.get("max"), Double.POSITIVE_INFINITY));
        }
        throw new SyncFrame.Wrong("filter.region", REGION);
    }

    private static Sync.Point point(String path, JsonNode point, double otherwise) throws SyncFrame.Wrong {
        if (!point.isObject()) {
            throw new SyncFrame.Wrong(path, "must be an object with x, y and z");
        }
        for (Iterator<String> names = point.fieldNames(); names.hasNext(); ) {
            if (!List.of("x", "y", "z").contains(names.next())) {
                throw new SyncFrame.Wrong(path, "must be an object with x, y and z, and nothing else");
            }
        }
        return new Sync.Point(
                coordinate(path, "x", point, otherwise),
                coordinate(path, "y", point, otherwise),
                coordinate(path, "z", point, otherwise));
    }

    private static double coordinate(String path, String name, JsonNode point, double otherwise)
            throws SyncFrame.Wrong {
        return point.has(name) ? number(path + "." + name, point.get(name)) : otherwise;
    }

    private static double number(String path, JsonNode value) throws SyncFrame.Wrong {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new SyncFrame.Wrong(path, "must be a number");
        }
        return value.doubleValue();
    }
}
