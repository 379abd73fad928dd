package dev.muster.node.sync.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Position;
import dev.muster.node.sync.component.Tags;
import dev.muster.node.sync.session.HubFixture.Guest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What subscribers are told, and when. */
class TellingTest {

    private final HubFixture space = new HubFixture();

    @Test
    @DisplayName("a subscription is answered at once with what there is, also when that is nothing")
    void snapshots() {
        Guest guest = space.guest("a").subscribe(1, "Name");
        assertThat(guest.take()).containsExactly("batch initial=[1]");
        space.name(5, "ann");
        space.table.set(new Entity(5), new Owner("u"));
        space.tick();
        guest.take();
        guest.subscribe(2, "*").subscribe(3, "Owner").subscribe(4, "*", 5L, Filter.NONE);
        assertThat(guest.take())
                .containsExactly(
                        "batch initial=[2] snapshot 2 5 Name=ann, snapshot 2 5 Owner=0175",
                        "batch initial=[3] snapshot 3 5 Owner=0175",
                        "batch initial=[4] snapshot 4 5 Name=ann, snapshot 4 5 Owner=0175");
    }

    @Test
    @DisplayName("nobody is told of an unknown component, where the wire can say so")
    void unknown() {
        Guest guest = space.guest("a").subscribe(1, "Nothing");
        assertThat(guest.take()).singleElement().asString().contains("NOT_FOUND", "Nothing");
        assertThat(space.wire.refused).containsExactly(Status.NOT_FOUND);
    }

    @Test
    @DisplayName("the last of a tick's changes is told, whatever was before")
    void conflation() {
        Guest guest = space.guest("a").subscribe(1, "Name").subscribe(2, "*", 5L, Filter.NONE);
        guest.take();
        space.name(5, "a");
        space.name(5, "b");
        space.name(6, "c");
        space.tick();
        assertThat(guest.take()).containsExactly("batch update 1 5 Name=b, update 1 6 Name=c, update 2 5 Name=b");
        space.name(5, "d");
        space.table.remove(new Entity(5), "Name");
        space.table.remove(new Entity(6), "Name");
        space.name(6, "e");
        space.tick();
        assertThat(guest.take())
                .containsExactly("batch componentRemoved 1 5 Name, update 1 6 Name=e, componentRemoved 2 5 Name");
        space.tick();
        assertThat(guest.take()).isEmpty();
    }

    @Test
    @DisplayName("without conflation every change is told, in order")
    void allChanges() {
        HubFixture all = new HubFixture(false);
        Guest guest = all.guest("a").subscribe(1, "Name");
        guest.take();
        all.name(5, "a");
        all.name(6, "b");
        all.name(5, "c");
        all.table.remove(new Entity(5), "Name");
        all.name(5, "d");
        all.despawn(5);
        all.tick();
        assertThat(guest.take())
                .containsExactly("batch update 1 5 Name=a, update 1 6 Name=b, update 1 5 Name=c,"
                        + " componentRemoved 1 5 Name, update 1 5 Name=d, entityRemoved 1 5");
    }

    @Test
    @DisplayName("the end of an entity is told once to each subscription that covered it, and to no other")
    void despawned() {
        space.name(5, "a");
        space.table.set(new Entity(5), new Owner("u"));
        space.name(6, "b");
        Guest guest = space.guest("a")
                .subscribe(1, "Name")
                .subscribe(2, "*")
                .subscribe(3, "Owner")
                .subscribe(4, "Tags")
                .subscribe(5, "*", 6L, Filter.NONE)
                .subscribe(6, "Name", 5L, Filter.NONE);
        space.tick();
        guest.take();
        space.name(5, "c");
        space.table.remove(new Entity(5), "Owner");
        space.despawn(5);
        space.tick();
        assertThat(guest.take())
                .singleElement()
                .asString()
                .satisfies(batch -> assertThat(batch.replace("batch ", "").split(", "))
                        .containsExactlyInAnyOrder(
                                "entityRemoved 1 5", "entityRemoved 2 5", "entityRemoved 3 5", "entityRemoved 6 5"));
    }

    @Test
    @DisplayName("after an unsubscription nothing more comes, and the same id again begins anew")
    void unsubscribed() {
        space.name(5, "a");
        Guest guest = space.guest("a").subscribe(1, "Name");
        guest.take();
        space.name(5, "b");
        guest.unsubscribe(1);
        space.tick();
        assertThat(guest.take()).isEmpty();
        guest.subscribe(1, "Name");
        assertThat(guest.take()).containsExactly("batch initial=[1] snapshot 1 5 Name=b");
        guest.subscribe(1, "*");
        assertThat(guest.take()).containsExactly("batch initial=[1] snapshot 1 5 Name=b");
        space.name(5, "c");
        space.tick();
        assertThat(guest.take()).containsExactly("batch update 1 5 Name=c");
        guest.unsubscribe(7);
        assertThat(guest.take()).singleElement().asString().contains("NOT_FOUND", "7");
    }

    @Test
    @DisplayName("who comes between two ticks hears of what was before in the snapshot only")
    void comingBetween() {
        HubFixture all = new HubFixture(false);
        Guest first = all.guest("a").subscribe(1, "Name");
        all.name(5, "a");
        all.name(5, "b");
        all.name(6, "x");
        all.despawn(6);
        Guest second = all.guest("b").subscribe(1, "Name");
        all.tick();
        assertThat(second.take()).containsExactly("batch initial=[1] snapshot 1 5 Name=b");
        assertThat(first.take()).hasSize(2);
    }

    @Test
    @DisplayName("subscriptions of one shape share what is encoded, and clients of the same shapes the frame")
    void shared() {
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            guests.add(space.guest("g" + i).subscribe(1, "Name").subscribe(2, "*"));
        }
        Guest other = space.guest("other").subscribe(9, "Name");
        space.tick();
        guests.forEach(Guest::take);
        other.take();
        space.wire.written = 0;
        space.wire.batches = 0;
        for (int i = 0; i < 10; i++) {
            space.name(i, "n");
        }
        space.tick();
        assertThat(space.wire.written).isEqualTo(30);
        assertThat(space.wire.batches).isEqualTo(2);
        String told = guests.get(0).take().get(0);
        guests.subList(1, 50).forEach(guest -> assertThat(guest.take()).containsExactly(told));
    }

    @Test
    @DisplayName("changes that nobody subscribed to cost no tick")
    void nobody() {
        Guest guest = space.guest("a").subscribe(1, "Owner").subscribe(2, "Name", 7L, Filter.NONE);
        guest.take();
        space.name(5, "a");
        assertThat(space.loop.isIdle()).isTrue();
        space.tick();
        assertThat(guest.take()).isEmpty();
    }

    @Test
    @DisplayName("a snapshot that was said to go on ends, also if what was left of it is gone")
    void lastPageIsEmpty() {
        for (int i = 0; i < 1_000; i++) {
            space.name(i, "x".repeat(150));
        }
        Guest guest = space.guest("a");
        guest.connection.pending = SyncSession.BUDGET - 1;
        guest.subscribe(1, "Name");
        String page = guest.take().get(0);
        assertThat(page).contains("more=[1]");
        for (int i = 0; i < 1_000; i++) {
            if (!page.contains("snapshot 1 " + i + " Name=")) {
                space.despawn(i);
            }
        }
        space.tick();
        guest.connection.pending = 0;
        space.loop.settle();
        assertThat(guest.take()).containsExactly("batch");
        space.loop.settle();
        assertThat(guest.take()).isEmpty();
    }

    @Test
    @DisplayName("a large snapshot comes in pages, with what changes meanwhile as it is then")
    void pages() {
        String long1 = "x".repeat(150);
        for (int i = 0; i < 2_000; i++) {
            space.name(i, long1);
        }
        Guest guest = space.guest("a");
        guest.connection.pending = SyncSession.BUDGET - 1;
        guest.subscribe(1, "Name");
        List<String> first = guest.take();
        assertThat(first).hasSize(1);
        assertThat(first.get(0)).startsWith("batch initial=[1] more=[1] snapshot 1 0 Name=");
        assertThat(first.get(0).length()).isBetween(Page.FULL_BYTES, Page.FULL_BYTES + 400);
        space.name(1_999, "late");
        space.name(0, "early");
        space.despawn(1_998);
        space.despawn(1);
        space.name(3_000, "new");
        guest.connection.pending = 0;
        space.loop.settle();
        List<String> rest = guest.take();
        assertThat(rest).allSatisfy(frame -> assertThat(frame.length()).isLessThan(Page.FULL_BYTES + 400));
        assertThat(rest.get(rest.size() - 1)).doesNotContain("more=");
        String all = String.join("\n", rest);
        assertThat(all)
                .contains(
                        "snapshot 1 1999 Name=late",
                        "update 1 0 Name=early",
                        "entityRemoved 1 1",
                        "update 1 3000 Name=new")
                .doesNotContain(" 1 1998");
    }

    @Test
    @DisplayName("who does not keep up is told the last values later, and the others get theirs meanwhile")
    void slow() {
        space.name(5, "a");
        space.name(6, "b");
        Guest slow = space.guest("slow").subscribe(1, "Name");
        Guest quick = space.guest("quick").subscribe(1, "Name");
        space.tick();
        slow.take();
        quick.take();
        slow.connection.pending = SyncSession.BUDGET;
        for (int i = 0; i < 1_000; i++) {
            space.name(5, "v" + i);
            space.name(1_000 + i, "short-lived");
            space.despawn(999 + i);
            space.tick();
        }
        space.despawn(6);
        space.tick();
        assertThat(slow.take()).isEmpty();
        assertThat(quick.take()).hasSize(1_001);
        slow.connection.pending = 0;
        space.loop.settle();
        assertThat(slow.take())
                .containsExactly("batch update 1 5 Name=v999, update 1 1999 Name=short-lived, entityRemoved 1 6");
    }

    @Test
    @DisplayName("of a tick that is more than a client takes the rest is told later, once")
    void muchAtOnce() {
        Guest guest = space.guest("a").subscribe(1, "Name").subscribe(2, "*");
        Copy copy = new Copy();
        copy.subscribed(1);
        copy.subscribed(2);
        copy.take(guest.take());
        for (int i = 0; i < 2_000; i++) {
            space.name(i, "x".repeat(150));
        }
        space.tick();
        List<String> first = guest.take();
        assertThat(first).hasSizeBetween(2, 6);
        copy.take(first);
        assertThat(copy.values.get(2L)).isEmpty();
        space.despawn(0);
        space.loop.settle();
        List<String> rest = guest.take();
        copy.take(rest);
        assertThat(copy.values.get(1L)).hasSize(1_999);
        assertThat(copy.values.get(2L)).hasSize(1_999);
        assertThat(copy.removed()).isEqualTo(1);
        assertThat(String.join(", ", first) + String.join(", ", rest))
                .satisfies(all -> assertThat(all.split("update 1 ")).hasSize(2_001));
    }

    @Test
    @DisplayName("what a client changes itself it is told of after the answer")
    void held() {
        space.name(5, "a");
        space.name(6, "b");
        Guest guest = space.guest("a").subscribe(1, "Name");
        space.tick();
        guest.take();
        guest.session.hold(new Entity(5));
        space.name(5, "c");
        space.name(6, "d");
        space.tick();
        assertThat(guest.take()).containsExactly("batch update 1 6 Name=d");
        guest.session.letGo(new Entity(5));
        space.hub.owes(guest.session);
        space.loop.settle();
        assertThat(guest.take()).containsExactly("batch update 1 5 Name=c");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("what is taken away and put back outside of a filter has left it")
    void leftBySteps(boolean conflates) {
        HubFixture space = new HubFixture(conflates);
        Entity five = new Entity(5);
        space.table.spawn(five);
        space.table.set(five, new Owner("ann"));
        Guest guest = space.guest("a").subscribe(1, "Owner", null, new Filter(List.of(Filters.owner("ann"))));
        guest.take();
        space.table.remove(five, "Owner");
        space.table.set(five, new Owner("bob"));
        space.tick();
        assertThat(guest.take()).containsExactly("batch entityRemoved 1 5");
        space.table.set(five, new Owner("ann"));
        space.tick();
        guest.take();
        space.table.set(five, new Owner("bob"));
        space.table.remove(five, "Owner");
        space.tick();
        assertThat(guest.take()).singleElement().asString().endsWith("componentRemoved 1 5 Owner");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("who lags behind a filter is told of an end that began with a component")
    void goneBySteps(boolean conflates) {
        HubFixture space = new HubFixture(conflates);
        Entity five = new Entity(5);
        space.name(5, "a");
        space.table.set(five, new Owner("ann"));
        Guest guest = space.guest("a").subscribe(1, "Name", null, new Filter(List.of(Filters.owner("ann"))));
        guest.take();
        guest.connection.pending = SyncSession.BUDGET;
        space.table.remove(five, "Name");
        space.despawn(5);
        space.tick();
        guest.connection.pending = 0;
        space.loop.settle();
        assertThat(guest.take()).containsExactly("batch entityRemoved 1 5");
    }

    @Test
    @DisplayName("what comes into a filter is told as a whole, what leaves it is gone")
    void filters() {
        Filter mine = new Filter(List.of(Filters.owner("ann")));
        Filter near = new Filter(List.of(Filters.ball(Sync.DEFAULT.place(), new Sync.Point(0, 0, 0), 10)));
        Filter tagged = new Filter(List.of(
                Filters.tag("ship"),
                Filters.box(Sync.DEFAULT.place(), new Sync.Point(0, 0, 0), new Sync.Point(5, 5, 5))));
        space.name(5, "a");
        Entity five = new Entity(5);
        space.table.set(five, new Position(3, 4, 0));
        Guest guest = space.guest("a")
                .subscribe(1, "Name", null, mine)
                .subscribe(2, "Name", null, near)
                .subscribe(3, "Name", null, tagged);
        assertThat(guest.take())
                .containsExactly("batch initial=[1]", "batch initial=[2] snapshot 2 5 Name=a", "batch initial=[3]");
        space.table.set(five, new Owner("ann"));
        space.table.set(five, new Tags(List.of("ship")));
        space.tick();
        assertThat(guest.take()).containsExactly("batch update 1 5 Name=a, update 3 5 Name=a");
        space.table.set(five, new Position(10, 0, 1));
        space.name(5, "b");
        space.tick();
        assertThat(guest.take().get(0).replace("batch ", "").split(", "))
                .containsExactlyInAnyOrder("update 1 5 Name=b", "entityRemoved 2 5", "entityRemoved 3 5");
        space.table.set(five, new Owner("bob"));
        space.table.set(five, new Position(1, 1, 1));
        space.tick();
        assertThat(guest.take().get(0).replace("batch ", "").split(", "))
                .containsExactlyInAnyOrder("entityRemoved 1 5", "update 2 5 Name=b", "update 3 5 Name=b");
        space.despawn(5);
        space.tick();
        assertThat(guest.take().get(0).replace("batch ", "").split(", "))
                .containsExactlyInAnyOrder("entityRemoved 2 5", "entityRemoved 3 5");
    }

    @Test
    @DisplayName("what is in nobody's filter costs no tick, until it comes into one")
    void outsideOfFilters() {
        Filter near = new Filter(List.of(Filters.ball(Sync.DEFAULT.place(), new Sync.Point(0, 0, 0), 10)));
        Filter mine = new Filter(List.of(Filters.owner("ann")));
        Guest guest = space.guest("a")
                .subscribe(1, "*", null, near)
                .subscribe(2, "Name", null, near)
                .subscribe(3, "Name", null, mine);
        guest.take();
        Entity five = new Entity(5);
        space.name(5, "a");
        space.table.set(five, new Position(20, 0, 0));
        space.table.set(five, new Owner("bob"));
        space.name(5, "b");
        assertThat(space.loop.isIdle()).isTrue();
        space.table.set(five, new Position(9, 0, 0));
        space.name(5, "c");
        space.tick();
        assertThat(guest.take().get(0).replace("batch ", "").split(", "))
                .containsExactlyInAnyOrder(
                        "update 1 5 Name=c",
                        "update 1 5 Position=000010410000000000000000",
                        "update 1 5 Owner=03626f62",
                        "update 2 5 Name=c");
        guest.unsubscribe(1).unsubscribe(2);
        space.name(5, "d");
        assertThat(space.loop.isIdle()).isTrue();
    }

    @Test
    @DisplayName("what leaves a filter by a component that it lost and got again is gone, also if every change is told")
    void leavesAndReturns() {
        HubFixture all = new HubFixture(false);
        Entity five = new Entity(5);
        all.name(5, "a");
        all.table.set(five, new Position(1, 0, 0));
        Filter near = new Filter(List.of(Filters.ball(Sync.DEFAULT.place(), new Sync.Point(0, 0, 0), 10)));
        Guest guest = all.guest("a").subscribe(1, "Position", null, near);
        guest.take();
        all.table.remove(five, "Position");
        all.table.set(five, new Position(20, 0, 0));
        all.tick();
        assertThat(guest.take()).containsExactly("batch entityRemoved 1 5");
    }

    @Test
    @DisplayName("a client that is gone costs nothing more")
    void gone() {
        Guest guest = space.guest("a").subscribe(1, "*");
        guest.take();
        guest.connection.open = false;
        guest.session.close();
        space.loop.run();
        space.name(5, "a");
        assertThat(space.loop.isIdle()).isTrue();
        assertThat(guest.take()).isEmpty();
    }

    @Test
    @DisplayName("a connection has a bounded number of subscriptions")
    void bounded() {
        Guest guest = space.guest("a");
        for (int i = 0; i < SyncHub.MAX_SUBSCRIPTIONS; i++) {
            guest.subscribe(i, "Name");
        }
        guest.take();
        guest.subscribe(5_000, "Name");
        assertThat(guest.take()).singleElement().asString().contains("FORBIDDEN");
        guest.subscribe(7, "*");
        assertThat(guest.take()).containsExactly("batch initial=[7]");
    }
}
