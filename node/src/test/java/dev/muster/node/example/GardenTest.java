package dev.muster.node.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.Node;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.component.Parent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The example of the page on spaces runs, and is the one that is printed. */
class GardenTest {

    @Test
    @DisplayName("a rose grows")
    void runs() {
        Node node = Garden.start(0);
        try {
            Entity rose = Garden.plant(node);
            Space garden = node.space("garden");
            Garden.Plant plant = garden.read(rose, Garden.Plant.class).await().orElseThrow();
            assertThat(plant.inBloom()).isTrue();
            assertThat(plant.height()).isBetween(0.29f, 0.31f);
            Entity bed = garden.read(rose, Parent.class).await().orElseThrow().parent();
            assertThat(garden.children(bed).await()).containsExactly(rose);
        } finally {
            node.close().await();
        }
    }

    @Test
    @DisplayName("the documentation shows the example as it is compiled")
    void shown() throws Exception {
        String source = Files.readString(Path.of("src/test/java/dev/muster/node/example/Garden.java"));
        String body = source.substring(source.indexOf("// example") + "// example".length(), source.indexOf("// end"));
        String page = Files.readString(Path.of("../docs/sync.md"));
        assertThat(page.replaceAll("\\s", "")).contains(body.replaceAll("\\s", ""));
    }
}
