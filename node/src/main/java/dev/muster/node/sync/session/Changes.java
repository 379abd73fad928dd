package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has changed since the last tick. Conflating, it keeps only the last of each component: a removal after an update
 * is a removal, an update after a removal is an update. Otherwise it keeps all, in order. On the space's loop.
 */
final class Changes {

    private final boolean conflates;
    private Map<Key, Change> latest = new LinkedHashMap<>();
    private List<Change> all = new ArrayList<>();
    private final Set<String> components = new TreeSet<>();

    Changes(boolean conflates) {
        this.conflates = conflates;
    }

    boolean isEmpty() {
        return conflates ? latest.isEmpty() : all.isEmpty();
    }

    void set(Entity entity, String component, byte[] bytes, long revision, boolean isNew) {
        if (!conflates) {
            all.add(Change.set(entity, component, bytes, revision, isNew));
            return;
        }
        components.add(component);
        Key key = new Key(entity, component);
        Change before = latest.get(key);
        latest.put(key, Change.set(entity, component, bytes, revision, before == null ? isNew : before.isFresh()));
    }

    void removed(Entity entity, String component) {
        if (!conflates) {
            all.add(Change.removed(entity, component, false));
            return;
        }
        components.add(component);
        Key key = new Key(entity, component);
        Change before = latest.get(key);
        latest.put(key, Change.removed(entity, component, before != null && before.isFresh()));
    }

    /**
     * The entity is gone.
     *
     * @param had its components when it went
     */
    void despawned(Entity entity, Collection<String> had) {
        if (!conflates) {
            all.add(Change.despawned(entity, List.copyOf(had), List.of()));
            return;
        }
        List<String> told = new ArrayList<>(had);
        List<String> fresh = new ArrayList<>(0);
        for (String component : components) {
            Change pending = latest.remove(new Key(entity, component));
            if (pending != null) {
                note(pending, told, fresh);
            }
        }
        latest.put(new Key(entity, ""), Change.despawned(entity, told, fresh));
    }

    /** One that was taken off it in this tick still counts: subscribers were not told of that. */
    private static void note(Change pending, List<String> told, List<String> fresh) {
        if (pending.kind() == Change.Kind.COMPONENT_REMOVED) {
            told.add(pending.component());
        }
        if (pending.isFresh()) {
            fresh.add(pending.component());
        }
    }

    /** All of it; empty from here on. */
    Collection<Change> take() {
        if (!conflates) {
            List<Change> taken = all;
            all = new ArrayList<>();
            return taken;
        }
        Collection<Change> taken = latest.values();
        latest = new LinkedHashMap<>();
        components.clear();
        return taken;
    }
}
