package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;
import dev.muster.node.sync.component.Position;
import dev.muster.node.sync.component.Tags;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The inspector, the world and the cluster in a browser, on two nodes. */
class SyncPagesIT {

    private static final int MANY = 10_000;

    private Browser page;
    private SyncNodes nodes;

    @BeforeEach
    void start() {
        page = new Browser(1440, 900);
        nodes = new SyncNodes();
    }

    @AfterEach
    void stop() {
        if (page != null) {
            page.close();
        }
        if (nodes != null) {
            nodes.close();
        }
    }

    private Browser inspector(int node) {
        return page.open(nodes.url(node, "/inspector")).awaitTrue("state.dataset.state === 'open'");
    }

    private List<String> rows() {
        return page.texts(".row:not([hidden]) .row-label");
    }

    private void awaitRow(String label) {
        Patience.await(label + " is a row").until(() -> rows().contains(label));
    }

    private Browser choose(String label) {
        awaitRow(label);
        page.eval(
                "[...document.querySelectorAll('.row')].find((row) => row.querySelector('.row-label').textContent === "
                        + Browser.quoted(label) + ").click()");
        return page.awaitTrue("document.getElementById('entity-title').textContent === " + Browser.quoted(label));
    }

    private static String input(String component, String field) {
        return "[...document.querySelectorAll('.card')].find((card) => card.querySelector('h3').textContent === '"
                + component + "').querySelectorAll('.field > label.field-name + input')"
                + "[[...[...document.querySelectorAll('.card')].find((card) => card.querySelector('h3').textContent === '"
                + component
                + "').querySelectorAll('.field > label.field-name')].findIndex((label) => label.textContent === '"
                + field + "')]";
    }

    /** The note below a field. */
    private static String note(String component, String field) {
        return input(component, field) + ".nextElementSibling.textContent";
    }

    private Browser edit(String component, String field, String text) {
        page.awaitTrue(input(component, field) + " !== undefined");
        page.eval(input(component, field) + ".focus(); " + input(component, field) + ".select()");
        return page.type(text);
    }

    @Test
    @DisplayName("a tree by parents, in which everybody has a place: orphans, circles, and names that are no markup")
    void tree() {
        Entity house = nodes.spawn(1, new Name("House"));
        Entity door = nodes.spawn(1, new Name("<img src=x onerror=alert(1)>"), new Parent(house));
        Entity lost = nodes.spawn(1, new Name("Lost"));
        Entity orphan = nodes.spawn(1, new Name("Orphan"), new Parent(lost));
        SyncNodes.get(nodes.space(1).despawn(lost));
        Entity nameless = nodes.spawn(1, new SyncNodes.Lamp(true, 1, "red", List.of()));
        inspector(0);
        awaitRow("House");
        awaitRow("<img src=x onerror=alert(1)>");
        awaitRow("Entity " + nameless);
        assertThat(page.eval("document.querySelectorAll('img').length")).isEqualTo(0);
        assertThat(page.eval(row(door) + ".getAttribute('aria-level')")).isEqualTo("2");
        assertThat(page.eval(row(house) + ".getAttribute('aria-expanded')")).isEqualTo("true");
        assertThat(page.eval(row(orphan) + ".getAttribute('aria-level')")).isEqualTo("1");
        assertThat(page.eval(row(orphan) + ".querySelector('.row-note').textContent"))
                .isEqualTo("parent " + lost + " is not here");

        // By keyboard: to the house, closed, opened, into it.
        page.focus("#tree").key("Home");
        Patience.await("the house is active").until(() -> {
            if (("row-" + house).equals(page.eval("tree.getAttribute('aria-activedescendant')"))) {
                return true;
            }
            page.key("ArrowDown");
            return false;
        });
        page.key("ArrowLeft").awaitTrue(row(house) + ".getAttribute('aria-expanded') === 'false'");
        assertThat(rows()).doesNotContain("<img src=x onerror=alert(1)>");
        page.key("ArrowRight").awaitTrue(row(house) + ".getAttribute('aria-expanded') === 'true'");
        page.key("ArrowRight").enter();
        page.awaitTrue("document.getElementById('entity-title').textContent === '<img src=x onerror=alert(1)>'");

        // Live: renamed, moved below another, and gone.
        SyncNodes.get(nodes.space(1).set(door, new Name("Door")));
        page.awaitTrue("document.getElementById('entity-title').textContent === 'Door'");
        awaitRow("Door");
        SyncNodes.get(nodes.space(1).set(orphan, new Parent(door)));
        page.awaitTrue(row(orphan) + ".getAttribute('aria-level') === '3'");
        SyncNodes.get(nodes.space(1).despawn(door));
        page.awaitTrue("document.getElementById('entity-news').textContent === 'This entity is not here any more.'");
        page.awaitTrue(row(orphan) + ".getAttribute('aria-level') === '1'");

        page.focus("#filter").type("lamp");
        Patience.await("one row").until(() -> rows().equals(List.of("Entity " + nameless)));
        assertThat(page.complaints).isEmpty();
    }

    private static String row(Entity entity) {
        return "document.getElementById('row-" + entity + "')";
    }

    @Test
    @DisplayName("fields are changed one at a time, keep their type, and say what became of it")
    void fields() {
        Entity lamp = nodes.spawn(1, new Name("Lamp"), new SyncNodes.Lamp(false, 3, "red", List.of(4, 5)));
        inspector(0);
        choose("Lamp");
        page.awaitTrue(input("Lamp", "on") + "?.type === 'checkbox'");
        page.eval(input("Lamp", "on") + ".click()");
        awaitLamp(lamp, new SyncNodes.Lamp(true, 3, "red", List.of(4, 5)));

        edit("Lamp", "colour", "7").enter();
        awaitLamp(lamp, new SyncNodes.Lamp(true, 3, "7", List.of(4, 5)));
        edit("Lamp", "level", "9").enter();
        awaitLamp(lamp, new SyncNodes.Lamp(true, 9, "7", List.of(4, 5)));
        edit("Lamp", "1", "6").enter();
        awaitLamp(lamp, new SyncNodes.Lamp(true, 9, "7", List.of(4, 6)));

        edit("Lamp", "level", "many").enter();
        page.awaitTrue(note("Lamp", "level") + " === 'must be a number'");
        edit("Lamp", "level", "11").enter();
        page.awaitTrue(note("Lamp", "level") + ".includes('10')");
        page.eval(input("Lamp", "level") + ".blur()");
        page.awaitTrue(input("Lamp", "level") + ".value === '9'");
        edit("Lamp", "colour", "never set").escape().awaitTrue(input("Lamp", "colour") + ".value === '7'");

        // What somebody types is not overwritten by what comes, and a value that comes is shown where nobody types.
        edit("Lamp", "colour", "half a wo");
        SyncNodes.get(nodes.space(1).set(lamp, new SyncNodes.Lamp(true, 2, "green", List.of(4, 6))));
        page.awaitTrue(input("Lamp", "level") + ".value === '2'");
        assertThat(page.eval(input("Lamp", "colour") + ".value")).isEqualTo("half a wo");
        page.eval(input("Lamp", "colour") + ".blur()");
        page.awaitTrue(input("Lamp", "colour") + ".value === 'green'");
        assertThat(nodes.read(0, lamp, SyncNodes.Lamp.class).colour()).isEqualTo("green");

        page.eval("document.getElementById('tab-results').click()");
        assertThat(page.texts("#results .status")).containsExactly("ValidationError", "Ok", "Ok", "Ok", "Ok");
        page.eval("document.getElementById('tab-frames').click()");
        page.awaitTrue("document.querySelectorAll('.frame.sent').length > 0");
        assertThat(page.complaints).isEmpty();
    }

    private void awaitLamp(Entity lamp, SyncNodes.Lamp wanted) {
        Patience.await(wanted.toString()).until(() -> wanted.equals(nodes.read(1, lamp, SyncNodes.Lamp.class)));
    }

    @Test
    @DisplayName("components nobody knows are shown, other spaces are reached, and control keeps others away")
    void more() {
        Entity box = nodes.spawn(0, new Name("Box"), new SyncNodes.Secret("hi"));
        inspector(1);
        choose("Box");
        page.awaitTrue(input("Secret", "Secret") + "?.disabled === true");
        assertThat(page.eval(input("Secret", "Secret") + ".value")).isEqualTo("Amhp");
        assertThat(page.texts(".card-note:not([hidden])"))
                .containsExactly("Of a type this node does not know: its bincode in base64.");

        page.eval("hold.click()");
        page.awaitTrue("hold.textContent === 'Let go'");
        Patience.await("it is held").until(() -> nodes.read(0, box, EntityControl.class) != null);
        page.eval("hold.click()");
        Patience.await("it is let go").until(() -> nodes.read(0, box, EntityControl.class) == null);

        page.eval("space.value = 'other'; document.getElementById('space-form').requestSubmit()");
        page.awaitTrue("document.getElementById('none-title').textContent === 'This space is empty'"
                + " && !document.getElementById('none').hidden");
        assertThat(page.complaints).isEmpty();
    }

    @Test
    @DisplayName("ten thousand entities are as easy to go through as ten")
    void many() {
        Entity group = nodes.spawn(1, new Name("All of them"));
        for (int i = 0; i < MANY; i += 1000) {
            var batch = nodes.space(1).batch();
            for (int j = i; j < i + 1000; j++) {
                batch.spawn(
                        new Name("Entity " + j), new Parent(group), new Position(j, j, 0), new Tags(List.of("many")));
            }
            SyncNodes.get(batch.run());
        }
        inspector(0);
        // With or without something between the thousands, as the browser's language has it.
        page.awaitTrue("/^10.?001 entities$/.test(headcount.textContent)");
        awaitRow("Entity 3");
        // The list is made anew a little after the count.
        page.awaitTrue("[...document.querySelectorAll('.row')].some((row) => row.getAttribute('aria-setsize') === '"
                + MANY + "')");
        assertThat((Integer) page.eval("document.querySelectorAll('.row').length"))
                .isLessThan(100);
        page.focus("#tree").key("End");
        awaitRow("Entity 9999");
        assertThat(page.eval("document.querySelector('.row.active .row-label').textContent"))
                .isEqualTo("Entity 9999");
        assertThat(page.eval("document.querySelector('.row.active').getAttribute('aria-setsize')"))
                .isEqualTo(String.valueOf(MANY));
        page.focus("#filter").type("entity 4242");
        // A number may be within other numbers too, so there may be a few.
        page.awaitTrue("/^\\d{1,2} of 10.?001 entities$/.test(shown.textContent)");
        choose("Entity 4242");
        page.eval("filter.value = ''; filter.dispatchEvent(new Event('input'))");
        awaitRow("Entity 3");
        looks("inspector-many");
        assertThat(page.complaints).isEmpty();
    }

    @Test
    @DisplayName("what is taken and moved on one side moves on the other, which is another node")
    void world() {
        Entity ship = nodes.spawn(1, new Name("Ship"), new Position(500, 400, 0), new Tags(List.of("ship")));
        page.open(nodes.url(0, "/world?other=" + nodes.authority(1)));
        page.awaitTrue("[...document.querySelectorAll('.view .state')].every((each) => each.dataset.state === 'open')");
        page.awaitTrue(
                "[...document.querySelectorAll('.figures')].every((each) => each.textContent.startsWith('1 thing'))");
        JsonArray canvas =
                (JsonArray) page.eval("(() => { const box = document.querySelector('canvas').getBoundingClientRect();"
                        + " return [box.left + box.width / 2, box.top + box.height / 2]; })()");
        double x = canvas.getDouble(0);
        double y = canvas.getDouble(1);
        page.mouse("mousePressed", x, y);
        page.awaitTrue("document.querySelector('.say').textContent === 'You have Ship.'");
        Patience.await("it is held").until(() -> nodes.read(1, ship, EntityControl.class) != null);
        page.mouse("mouseMoved", x + 60, y - 40).mouse("mouseMoved", x + 120, y - 80);
        Patience.await("it moves to the right and up")
                .until(() -> nodes.read(1, ship, Position.class).x() > 600
                        && nodes.read(1, ship, Position.class).y() > 440);
        page.mouse("mouseReleased", x + 120, y - 80);
        Patience.await("it is let go").until(() -> nodes.read(1, ship, EntityControl.class) == null);
        Position there = Objects.requireNonNull(nodes.read(1, ship, Position.class));

        // By keyboard, on the other side.
        page.eval("(() => { const things = document.querySelectorAll('.things')[1]; things.value = '" + ship + "';"
                + " things.dispatchEvent(new Event('change')); document.querySelectorAll('.grab')[1].click(); })()");
        page.awaitTrue("document.querySelectorAll('.say')[1].textContent === 'You have Ship.'");
        page.key("ArrowLeft").key("ArrowLeft");
        Patience.await("it moves to the left")
                .until(() -> nodes.read(0, ship, Position.class).x() < there.x() - 20);
        page.escape().awaitTrue("document.querySelectorAll('.say')[1].textContent === 'You let Ship go.'");
        looks("world");
        assertThat(page.complaints).isEmpty();
    }

    @Test
    @DisplayName("the cluster is shown with its nodes, rooms and members")
    void cluster() {
        List<WsClient> clients = new ArrayList<>();
        try {
            clients.add(WsClient.relay("ws://" + nodes.authority(1) + "/ws/harbour?user_id=ann"));
            page.open(nodes.url(0, "/cluster"));
            Patience.await("both nodes").until(() -> page.texts("#nodes li").equals(List.of("n1", "n2")));
            Patience.await("the room").until(() -> page.texts(".room").contains("harbour"));
            page.eval("document.querySelector('.room').click()");
            Patience.await("its member").until(() -> page.texts("#members td").contains("ann"));
            assertThat(page.texts("#members td")).contains("n2", "websocket");
            looks("cluster");
            assertThat(page.complaints).isEmpty();
        } finally {
            clients.forEach(WsClient::close);
        }
    }

    /** For people to look at; and whatever the width, nobody has to scroll sideways. */
    private void looks(String name) {
        for (String colours : List.of("light", "dark")) {
            page.colours(colours).size(1440, 900, false).picture(name + "-wide-" + colours);
            page.size(390, 844, true).picture(name + "-narrow-" + colours);
            assertThat(page.eval("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
    }
}
