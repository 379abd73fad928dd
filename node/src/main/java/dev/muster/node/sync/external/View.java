package dev.muster.node.sync.external;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.connection.Identity;
import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.Sync.Point;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.component.Template;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a picture of a space for somebody, with what they may see and as much as fits. On the replica's loop; once. */
final class View {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String TEMPLATE = Template.class.getSimpleName();

    /** What an entity and a component take beside their texts. */
    private static final int OVERHEAD = 16;

    private final Sync sync;
    private final String space;
    private final Identity identity;
    private final ExternalIds ids;
    private final int most;
    private final long mostBytes;

    private final Map<String, Boolean> readable = new HashMap<>();
    private final List<Seen> seen = new ArrayList<>();
    private long bytes;
    private boolean full;

    /**
     * @param most entities
     * @param mostBytes of all their texts together, about
     */
    View(Sync sync, String space, Identity identity, ExternalIds ids, int most, long mostBytes) {
        this.sync = sync;
        this.space = space;
        this.identity = identity;
        this.ids = ids;
        this.most = most;
        this.mostBytes = mostBytes;
    }

    List<Seen> take() {
        ids.forEach(this::add);
        return seen;
    }

    private void add(EntityState entity) {
        if (full) {
            return;
        }
        Map<String, String> components = new LinkedHashMap<>();
        boolean anything = entity.components().isEmpty();
        long size = OVERHEAD;
        for (ComponentState component : entity.components()) {
            if (!mayRead(component.name())) {
                continue;
            }
            anything = true;
            String json = isHead(component.name()) ? null : json(component);
            if (json != null) {
                components.put(component.name(), json);
                size += OVERHEAD + component.name().length() + ByteBufUtil.utf8Bytes(json);
            }
        }
        if (!anything) {
            return;
        }
        Seen one = new Seen(name(entity), template(entity), position(entity), components);
        String template = one.template();
        size += ByteBufUtil.utf8Bytes(one.id()) + (template == null ? 0 : ByteBufUtil.utf8Bytes(template));
        if (seen.size() >= most || bytes + size > mostBytes) {
            full = true;
            return;
        }
        bytes += size;
        seen.add(one);
    }

    private boolean mayRead(String component) {
        return readable.computeIfAbsent(component, name -> sync.reading().allows(identity, space, name));
    }

    /** Told by fields of their own. */
    private static boolean isHead(String component) {
        return component.equals(ExternalIds.COMPONENT) || component.equals(TEMPLATE);
    }

    private String name(EntityState entity) {
        return mayRead(ExternalIds.COMPONENT)
                ? ids.nameOf(entity.entity())
                : entity.entity().toString();
    }

    private @Nullable String template(EntityState entity) {
        Template template = mayRead(TEMPLATE) ? read(entity, Template.class) : null;
        return template == null ? null : template.id();
    }

    private static <C extends Record> @Nullable C read(EntityState entity, Class<C> type) {
        try {
            return entity.component(type);
        } catch (SyncException otherBytes) {
            // Of a program that has another record of that name.
            return null;
        }
    }

    private @Nullable Point position(EntityState entity) {
        Sync.Place<?> place = sync.place();
        ComponentState component =
                place == null ? null : entity.component(place.type().name());
        if (place == null || component == null || !mayRead(component.name())) {
            return null;
        }
        try {
            return place.of(component.bytes());
        } catch (SyncException otherBytes) {
            return null;
        }
    }

    private static @Nullable String json(ComponentState component) {
        ComponentType<?> type = component.type();
        if (type == null) {
            return null;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            type.writeJson(json, component.bytes());
        } catch (SyncException otherBytes) {
            return null;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
