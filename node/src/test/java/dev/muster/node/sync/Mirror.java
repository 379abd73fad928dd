package dev.muster.node.sync;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A copy made of nothing but what a listener hears, as a client makes it; and the same picture of a replica and of the
 * registry, to compare. Notes each call that does not fit the ones before it.
 */
final class Mirror implements ReplicaListener {

    final Map<Entity, Map<String, String>> entities = new TreeMap<>();
    final List<String> faults = new ArrayList<>();

    private void expect(boolean fits, String what) {
        if (!fits) {
            faults.add(what);
        }
    }

    @Override
    public void onSpawned(EntityState entity) {
        expect(entities.put(entity.entity(), new TreeMap<>()) == null, "spawned twice " + entity.entity());
    }

    @Override
    public void onSet(EntityState entity, ComponentState component, boolean isNew) {
        Map<String, String> components = entities.get(entity.entity());
        if (components == null) {
            faults.add("set on nothing " + entity.entity());
            return;
        }
        String before = components.put(component.name(), picture(component.bytes(), component.revision()));
        expect((before == null) == isNew, "new or not? " + entity.entity() + component.name());
    }

    @Override
    public void onRemoved(EntityState entity, ComponentState component) {
        Map<String, String> components = entities.get(entity.entity());
        expect(
                components != null && components.remove(component.name()) != null,
                "removed what was not there " + entity.entity() + component.name());
    }

    @Override
    public void onDespawned(EntityState entity) {
        expect(entities.remove(entity.entity()) != null, "despawned twice " + entity.entity());
    }

    private static String picture(byte[] bytes, long revision) {
        return revision + "=" + HexFormat.of().formatHex(bytes);
    }

    static Map<Entity, Map<String, String>> of(Replica replica) {
        Map<Entity, Map<String, String>> all = new TreeMap<>();
        replica.forEach(entity -> {
            Map<String, String> components = new TreeMap<>();
            entity.components().forEach(each -> components.put(each.name(), picture(each.bytes(), each.revision())));
            all.put(entity.entity(), components);
        });
        return all;
    }

    /** The truth. */
    static Map<Entity, Map<String, String>> of(ConnectionRegistry registry, String space) {
        Map<Entity, Map<String, String>> all = new TreeMap<>();
        List<SnapshotPage.Entry> entries = entries(registry, space);
        for (SnapshotPage.Entry entry : entries) {
            if (entry.key().startsWith("e:")) {
                all.put(new Entity(Long.parseUnsignedLong(entry.key().substring(2), 16)), new TreeMap<>());
            }
        }
        for (SnapshotPage.Entry entry : entries) {
            String[] parts = entry.key().split(":", 3);
            Map<String, String> components = all.get(new Entity(Long.parseUnsignedLong(parts[1], 16)));
            if (parts[0].equals("c") && components != null) {
                components.put(parts[2], picture(entry.value().getBytes(), Epoch.revisionOf(entry.revision())));
            }
        }
        return all;
    }

    static List<SnapshotPage.Entry> entries(ConnectionRegistry registry, String space) {
        List<SnapshotPage.Entry> entries = new ArrayList<>();
        String cursor = null;
        do {
            SnapshotPage page = TestNode.get(registry.snapshot(SpaceKeys.group(space), cursor));
            entries.addAll(page.entries());
            cursor = page.next();
        } while (cursor != null);
        return entries;
    }

    /** A copy of both, taken at one moment. */
    record Both(
            Map<Entity, Map<String, String>> mirror, Map<Entity, Map<String, String>> replica, List<String> faults) {}

    Both now(Replica replica) {
        return TestNode.get(replica.call(() -> {
            Map<Entity, Map<String, String>> copy = new TreeMap<>();
            entities.forEach((entity, components) -> copy.put(entity, new TreeMap<>(components)));
            return Future.succeededFuture(new Both(copy, of(replica), List.copyOf(faults)));
        }));
    }

    static @Nullable String differences(Both both, Map<Entity, Map<String, String>> truth) {
        if (!both.faults.isEmpty()) {
            return "calls that do not fit: " + both.faults;
        }
        if (!both.mirror.equals(both.replica)) {
            return "the listener knows " + both.mirror + " but the replica " + both.replica;
        }
        return both.replica.equals(truth) ? null : "the replica has " + both.replica + " but the registry " + truth;
    }
}
