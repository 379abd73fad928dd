package dev.muster.node.sync.external;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An entity as a client wants it.
 *
 * @param id what it is to be called
 * @param template what it is made after; empty for nothing
 * @param owner the client id or user id of who spawns it; empty if it is to be nobody's
 * @param components in JSON, by name
 */
public record Spawn(String id, String template, String owner, Map<String, String> components) {

    public Spawn {
        components = Collections.unmodifiableMap(new LinkedHashMap<>(components));
    }
}
