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
    private String epoch;
    private long revision;
    /** Where it is in its kind's list. */
    int slot;
    /** The load that saw it last. */
    int mark;

    ComponentState(EntityState entity, ComponentKind kind, byte[] bytes, String epoch, long revision) {
        this.entity = entity;
        this.kind = kind;
        this.bytes = bytes;
        this.epoch = epoch;
        this.revision = revision;
    }

    void set(byte[] bytes, String epoch, long revision) {
        this.bytes = bytes;
        this.epoch = epoch;
        this.revision = revision;
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

    /** Which change made it what it is: greater for each change of the space. */
    public long revision() {
        return revision;
    }

    /** The same with the epoch of the space's log, as the registry knows it. */
    Position position() {
        return new Position(epoch, revision);
    }

    String epoch() {
        return epoch;
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
