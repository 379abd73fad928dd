package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a subscriber is told.
 *
 * @param op what it is
 * @param subscriptionId the client's own name for the subscription; unsigned
 * @param change what happened
 */
public record Item(Op op, long subscriptionId, Change change) {

    /** What there is to tell. */
    public enum Op {
        /** The value when the client subscribed. */
        SNAPSHOT(0),
        /** A newer value, or that of something that came to be. */
        UPDATE(1),
        /** The entity has that component no more. */
        COMPONENT_REMOVED(2),
        /** The entity is gone, and all its components with it. */
        ENTITY_REMOVED(3);

        private final int number;

        Op(int number) {
            this.number = number;
        }

        /** On wires that number it. */
        public int number() {
            return number;
        }
    }

    static Item of(long subscriptionId, Change change) {
        Op op = switch (change.kind()) {
            case SET -> Op.UPDATE;
            case COMPONENT_REMOVED -> Op.COMPONENT_REMOVED;
            case ENTITY_REMOVED -> Op.ENTITY_REMOVED;
        };
        return new Item(op, subscriptionId, change);
    }

    /** Whose component it is. */
    public Entity entity() {
        return change.entity();
    }

    /** Its name; empty when the whole entity is gone. */
    public String component() {
        return change.component();
    }

    /** The value in bincode; empty when something is gone. Not to be modified. */
    public byte[] bytes() {
        return change.bytes();
    }

    /** Of the value; 0 when something is gone. */
    public long revision() {
        return change.revision();
    }

    /** The value in another form, made once for all subscribers who get it; null if nobody made it yet. */
    public byte @Nullable [] kept() {
        return change.json();
    }

    /** Keeps the other form of the value. */
    public void keep(byte[] form) {
        change.keepJson(form);
    }
}
