package dev.muster.node.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A YAML file: names of options with a value each, and under {@code rooms} name patterns with the options of those
 * rooms.
 *
 * @param name for complaints
 * @param values by option
 * @param rooms values by option by pattern, in the file's order
 */
record ConfigFile(String name, Map<String, String> values, Map<String, Map<String, String>> rooms) {

    private static final String ROOMS = "rooms";

    /**
     * @throws InvalidOption if it cannot be read or is not such a file
     */
    static ConfigFile read(Path path) {
        String name = path.toString();
        ObjectMapper mapper = new ObjectMapper(new YAMLFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));
        JsonNode root;
        try {
            root = mapper.readTree(Files.readString(path));
        } catch (NoSuchFileException missing) {
            throw new InvalidOption("config", "names a file that does not exist: " + name);
        } catch (JsonProcessingException malformed) {
            throw new InvalidOption("config", "names a file that is not YAML: " + name + where(malformed));
        } catch (IOException unreadable) {
            throw new InvalidOption("config", "names a file that cannot be read: " + name);
        }
        if (root.isMissingNode() || root.isNull()) {
            return new ConfigFile(name, Map.of(), Map.of());
        }
        Map<String, Map<String, String>> rooms = new LinkedHashMap<>();
        Map<String, String> values = values(name, root, ROOMS);
        if (root.has(ROOMS)) {
            requireLines(name, root.get(ROOMS))
                    .properties()
                    .forEach(room -> rooms.put(room.getKey(), values(name, room.getValue(), "")));
        }
        return new ConfigFile(name, values, rooms);
    }

    private static Map<String, String> values(String file, JsonNode node, String except) {
        Map<String, String> values = new LinkedHashMap<>();
        requireLines(file, node).properties().forEach(entry -> {
            if (!entry.getKey().equals(except)) {
                values.put(entry.getKey(), text(file, entry.getKey(), entry.getValue()));
            }
        });
        return values;
    }

    private static JsonNode requireLines(String file, JsonNode node) {
        if (!node.isObject()) {
            throw new InvalidOption("config", "names a file that has no \"option: value\" lines: " + file);
        }
        return node;
    }

    private static String text(String file, String key, JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(item -> text(file, key, item))
                    .collect(Collectors.joining(","));
        }
        if (value.isObject() || value.isNull()) {
            throw new InvalidOption(key, "must have one value in " + file);
        }
        return value.asText();
    }

    private static String where(JsonProcessingException malformed) {
        JsonLocation location = malformed.getLocation();
        return location == null ? "" : ", line " + location.getLineNr();
    }
}
