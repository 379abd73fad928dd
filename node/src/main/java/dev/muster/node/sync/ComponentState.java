package dev.muster.node.sync;

import dev.muster.registry.Position;
import org.jspecify.annotations.Nullable;

/**
 * A component as a replica has it. On the replica's loop; it changes in place.
 */
public final class ComponentState {

    private final EntityState entity;
    private final ComponentKind kind;
    private byte[] bytes;
    private Epoch epoch;
    private long offset;
    /** Where it is in its kind's list. */
    int slot;
    /** The load that saw it last. */
    int mark;

    ComponentState(EntityState entity, ComponentKind kind, byte[] bytes, Epoch epoch, long offset) {
        this.entity = entity;
        this.kind = kind;
        this.bytes = bytes;
        this.epoch = epoch;
        this.offset = offset;
    }

    void set(byte[] bytes, Epoch epoch, long offset) {
        this.bytes = bytes;
        this.epoch = epoch;
        this.offset = offset;
    }

    /** Whose it is. */
    public EntityState entity() {
        return entity;
    }

    /** The name of its type. */
    public String name() {
        return kind.name();
    }

    /** Its type; null for one that this node does not know. */
    public @Nullable ComponentType<?> type() {
        return kind.type();
    }

    /** Its bincode. Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Which change made it what it is: greater for a later change of the space, and not to be mistaken for one of before
     * the registry lost what it had. More than 0, less than 2⁵³.
     */
    public long revision() {
        return epoch.revision(offset);
    }

    /** The same as the registry knows it. */
    Position position() {
        return new Position(epoch.name(), offset);
    }

    /** Whether it was made by that change. */
    boolean isAt(String epoch, long offset) {
        return this.offset == offset && this.epoch.name().equals(epoch);
    }

    /** Whether it was made by that change or a later one of the same epoch. */
    boolean isAtLeast(Position position) {
        return offset >= position.offset() && epoch.name().equals(position.epoch());
    }

    ComponentKind kind() {
        return kind;
    }

    /**
     * The component itself.
     *
     * @throws SyncException if it is not of this type, or another program wrote bytes that are none
     */
    public <C extends Record> C as(Class<C> type) {
        ComponentType<?> own = kind.type();
        if (own == null || own.type() != type) {
            throw new SyncException(Status.INTERNAL_ERROR, name() + " is not a " + type.getName());
        }
        return type.cast(own.decode(bytes));
    }
}
