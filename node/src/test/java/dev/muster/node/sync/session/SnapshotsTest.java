package dev.muster.node.sync.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.session.HubFixture.Guest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What newcomers share. */
class SnapshotsTest {

    /** Three pages and a half. */
    private static final int ENTITIES = 1_400;

    private final HubFixture space = new HubFixture();
    private final List<Guest> here = new ArrayList<>();

    @BeforeEach
    void fill() {
        for (int i = 0; i < ENTITIES; i++) {
            space.name(i, "x".repeat(150));
        }
        // The second finds that he is not alone: from him on it is shared.
        come();
        come();
        space.wire.written = 0;
    }

    private List<String> come() {
        Guest guest = space.guest("g" + here.size());
        here.add(guest);
        guest.subscribe(1, "Name");
        space.loop.run();
        return guest.take();
    }

    @Test
    @DisplayName("who comes shortly after others of the shape gets what was encoded for them")
    void shared() {
        List<String> first = come();
        assertThat(first).hasSizeGreaterThan(3);
        for (int i = 0; i < 50; i++) {
            assertThat(come()).isEqualTo(first);
        }
        assertThat(space.wire.written).isZero();
    }

    @Test
    @DisplayName("what changed is encoded again with what is near it, and the rest is not")
    void changed() {
        space.name(ENTITIES / 2, "new");
        space.tick();
        here.forEach(Guest::take);
        space.wire.written = 0;
        assertThat(String.join(", ", come())).contains("snapshot 1 " + ENTITIES / 2 + " Name=new,");
        assertThat(space.wire.written).isBetween(10, ENTITIES / 3);
        space.wire.written = 0;
        come();
        assertThat(space.wire.written).isZero();
    }

    @Test
    @DisplayName("what nobody subscribed to changes nothing")
    void others() {
        space.table.set(new Entity(7), new Owner("u"));
        come();
        assertThat(space.wire.written).isZero();
    }

    @Test
    @DisplayName("what is new is in the next snapshot, what is gone is not, with or without its entity")
    void newAndGone() {
        space.name(ENTITIES, "new");
        space.despawn(3);
        space.table.remove(new Entity(ENTITIES - 1), "Name");
        space.tick();
        assertThat(String.join(", ", come()) + ',')
                .contains("snapshot 1 " + ENTITIES + " Name=new,")
                .doesNotContain("snapshot 1 3 ", "snapshot 1 " + (ENTITIES - 1) + ' ');
    }

    @Test
    @DisplayName("what nobody reads for a moment is forgotten, and nothing is left that is ever due")
    void forgotten() {
        space.loop.pass(3 * Snapshots.LINGER_NANOS);
        assertThat(space.loop.isIdle()).isTrue();
        come();
        assertThat(space.wire.written).isEqualTo(ENTITIES);
    }

    @Test
    @DisplayName("only so many shapes share, the newest")
    void bounded() {
        for (int id = 2; id < 2 + 2 * Snapshots.MOST; id++) {
            for (Guest guest : here) {
                guest.subscribe(id, "Name");
                guest.take();
            }
        }
        space.wire.written = 0;
        come();
        assertThat(space.wire.written).isEqualTo(ENTITIES);
    }

    @Test
    @DisplayName("a filter that an entity comes into or leaves is not shared as it was")
    void filters() {
        Filter mine = new Filter(List.of(Filters.owner("ann")));
        space.table.set(new Entity(5), new Owner("ann"));
        space.table.set(new Entity(6), new Owner("ann"));
        space.table.set(new Entity(7), new Owner("bob"));
        space.tick();
        for (int i = 0; i < 3; i++) {
            assertThat(filtered(mine)).isEqualTo("5 6");
        }
        space.table.set(new Entity(5), new Owner("bob"));
        space.table.set(new Entity(7), new Owner("ann"));
        space.tick();
        for (int i = 0; i < 3; i++) {
            assertThat(filtered(mine)).isEqualTo("6 7");
        }
    }

    private String filtered(Filter filter) {
        Guest guest = space.guest("f");
        guest.subscribe(9, "Name", null, filter);
        return String.join(", ", guest.take())
                .replaceAll("batch initial=\\[9]", "")
                .replaceAll(",? ?snapshot 9 (\\d+) Name=x+", " $1")
                .strip();
    }
}
