package dev.muster.node.sync;

import dev.muster.node.sync.component.Parent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a change has to be like before anything of it is made. */
record SpaceChecks(Sync sync, SyncSettings settings) {

    /**
     * The bytes of a component.
     *
     * @throws SyncException if it was not declared, is not as it was declared, or is too large
     */
    byte[] encoded(Record component) {
        byte[] bytes = sync.type(component.getClass()).encodeAny(component);
        if (bytes.length > settings.maxComponentBytes()) {
            throw new SyncException(
                    Status.VALIDATION_ERROR,
                    nameOf(component) + " must have at most " + settings.maxComponentBytes() + " bytes, but has "
                            + bytes.length);
        }
        return bytes;
    }

    /** The bytes of the components of one entity, by their names. */
    Map<String, byte[]> encoded(List<Record> components) {
        Map<String, byte[]> encoded = new LinkedHashMap<>();
        for (Record component : components) {
            if (encoded.put(nameOf(component), encoded(component)) != null) {
                throw new SyncException(Status.VALIDATION_ERROR, "an entity has at most one " + nameOf(component));
            }
        }
        return encoded;
    }

    static String nameOf(Record component) {
        return component.getClass().getSimpleName();
    }

    /** The entities that components speak of as their parent. */
    static List<Entity> parents(List<Record> components) {
        List<Entity> parents = new ArrayList<>();
        for (Record component : components) {
            if (component instanceof Parent parent) {
                parents.add(parent.parent());
            }
        }
        return parents;
    }

    /**
     * Refuses what would make a space too large for its nodes.
     *
     * @param ahead entities that the replica may not have yet
     */
    void room(Replica replica, int ahead, int moreEntities, long moreBytes) {
        if (moreEntities > 0 && (long) replica.size() + ahead + moreEntities > settings.maxEntities()) {
            throw new SyncException(
                    Status.VALIDATION_ERROR, "a space holds at most " + settings.maxEntities() + " entities");
        }
        if (replica.bytes() + moreBytes > settings.maxSpaceBytes()) {
            throw new SyncException(
                    Status.VALIDATION_ERROR,
                    "the components of a space have at most " + settings.maxSpaceBytes() + " bytes together");
        }
    }
}
