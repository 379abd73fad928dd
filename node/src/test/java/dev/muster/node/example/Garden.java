package dev.muster.node.example;

import dev.muster.node.Node;
import dev.muster.node.shape.Length;
import dev.muster.node.shape.Range;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;

/** The example of docs/sync.md. */
final class Garden {

    private Garden() {}

    // example
    record Plant(
            @Length(min = 1, max = 50) String species,
            @Range(min = 0) float height,
            boolean inBloom) {}

    static Node start(int port) {
        Sync sync = Sync.builder()
                .component(Plant.class)
                .space("garden")
                .mutations(mutation -> mutation.identity().hasAny("gardener"))
                .build();
        return Node.builder().registry("memory").port(port).sync(sync).start().await();
    }

    static Entity plant(Node node) {
        Space garden = node.space("garden");
        Entity bed = garden.spawn(new Name("The bed by the wall")).await();
        Entity rose =
                garden.spawn(new Plant("rose", 0.2f, false), new Parent(bed)).await();
        garden.patch(rose, Plant.class, plant -> new Plant(plant.species(), plant.height() + 0.1f, true))
                .await();
        return rose;
    }
    // end
}
