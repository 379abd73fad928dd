package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that changed in a space, as its subscribers are told. Shared by all of them; on the space's loop.
 *
 * <p>{@link #isFresh} and {@link #freshOf} say what nobody can know yet who was told of everything before this tick: it
 * matters only to those who lag behind, and do not have to be told of what came and went meanwhile.
 */
public final class Change {

    /** What happened. */
    enum Kind {
        SET,
        COMPONENT_REMOVED,
        ENTITY_REMOVED
    }

    private static final byte[] NOTHING = {};

    private final Kind kind;
    private final Entity entity;
    private final String component;
    private final byte[] bytes;
    private final long revision;
    private final boolean fresh;
    private final List<String> components;
    private final List<String> freshComponents;
    private byte @Nullable [] json;

    private Change(
            Kind kind,
            Entity entity,
            String component,
            byte[] bytes,
            long revision,
            boolean fresh,
            List<String> components,
            List<String> freshComponents) {
        this.kind = kind;
        this.entity = entity;
        this.component = component;
        this.bytes = bytes;
        this.revision = revision;
        this.fresh = fresh;
        this.components = components;
        this.freshComponents = freshComponents;
    }

    static Change set(Entity entity, String component, byte[] bytes, long revision, boolean fresh) {
        return new Change(Kind.SET, entity, component, bytes, revision, fresh, List.of(), List.of());
    }

    static Change removed(Entity entity, String component, boolean fresh) {
        return new Change(Kind.COMPONENT_REMOVED, entity, component, NOTHING, 0, fresh, List.of(), List.of());
    }

    /**
     * @param components those it had when somebody was last told of it
     * @param fresh those among them that came since
     */
    static Change despawned(Entity entity, List<String> components, List<String> fresh) {
        return new Change(Kind.ENTITY_REMOVED, entity, "", NOTHING, 0, false, components, fresh);
    }

    /** The same entity gone, with these components. */
    Change with(List<String> had) {
        return despawned(entity, had, freshComponents);
    }

    /** The same for somebody who is told only that it is gone. */
    static Change gone(Entity entity) {
        return despawned(entity, List.of(), List.of());
    }

    Kind kind() {
        return kind;
    }

    Entity entity() {
        return entity;
    }

    /** Empty when the whole entity is gone. */
    String component() {
        return component;
    }

    byte[] bytes() {
        return bytes;
    }

    long revision() {
        return revision;
    }

    /** Whether the component came to be in this tick. */
    boolean isFresh() {
        return fresh;
    }

    /** What an entity that is gone had. */
    List<String> components() {
        return components;
    }

    /** Whether an entity that is gone got that component in this tick only. */
    boolean freshOf(String component) {
        return freshComponents.contains(component);
    }

    /** The value as JSON, made once for all who get it so; null if it was not made yet. */
    byte @Nullable [] json() {
        return json;
    }

    void keepJson(byte[] value) {
        json = value;
    }
}
