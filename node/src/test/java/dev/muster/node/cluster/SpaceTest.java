package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Position;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpaceTest {

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatOneNodeChangesTheOtherReads(Backend backend) {
        try (Cluster cluster = new Cluster(backend, 2)) {
            Space here = cluster.node(0).space("world");
            Space there = cluster.node(1).space("world");
            assertThat(Client.get(there.exists(new Entity(5)))).isFalse();

            Entity entity = Client.get(here.spawn(new Name("a"), new Position(1, 2, 3)));
            assertThat(Client.get(here.read(entity, Name.class))).contains(new Name("a"));
            await().until(() -> Client.get(there.read(entity, Position.class)).isPresent());

            Client.get(there.set(entity, new Position(4, 5, 6)));
            Client.get(there.patch(entity, Position.class, p -> new Position(p.x() + 1, p.y(), p.z())));
            await().until(() ->
                    Client.get(here.read(entity, Position.class)).equals(Optional.of(new Position(5, 5, 6))));

            Client.get(there.remove(entity, Name.class));
            await().until(() -> Client.get(here.read(entity, Name.class)).isEmpty());
            Client.get(there.despawn(entity));
            await().until(() -> !Client.get(here.exists(entity)));
            assertThat(cluster.get(0, "/sync/schema").body()).contains("\"Position\"");
        }
    }
}
