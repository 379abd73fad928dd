package dev.muster.node.protocol.relay;

import dev.muster.node.schema.RelaySchema.EntitySnapshot;
import dev.muster.node.schema.RelaySchema.Vector3;
import dev.muster.node.sync.Sync.Point;
import dev.muster.node.sync.external.Seen;

/** Entities of a space as a hello tells of them. */
final class EntitySnapshots {

    private EntitySnapshots() {}

    static EntitySnapshot of(Seen entity) {
        EntitySnapshot.Builder snapshot =
                EntitySnapshot.newBuilder().setId(entity.id()).putAllComponents(entity.components());
        String template = entity.template();
        if (template != null) {
            snapshot.setTemplateId(template);
        }
        Point at = entity.position();
        if (at != null) {
            snapshot.setPosition(Vector3.newBuilder()
                    .setX((float) at.x())
                    .setY((float) at.y())
                    .setZ((float) at.z()));
        }
        return snapshot.build();
    }
}
