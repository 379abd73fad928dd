package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;
import dev.muster.node.sync.component.Position;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Making and taking away in the inspectors of two nodes: what is done in one is seen in the other. */
class InspectorMakingIT {

    private final List<Browser> browsers = new ArrayList<>();
    private SyncNodes nodes;
    private Browser ann;
    private Browser bob;

    @BeforeEach
    void start() {
        browsers.add(new Browser(1280, 850));
        browsers.add(new Browser(390, 844));
        nodes = new SyncNodes();
        ann = inspector(0);
        bob = inspector(1);
    }

    @AfterEach
    void stop() {
        browsers.forEach(Browser::close);
        if (nodes != null) {
            nodes.close();
        }
    }

    private Browser inspector(int index) {
        return browsers.get(index)
                .open(nodes.url(index, "/inspector"))
                .awaitTrue("state.dataset.state === 'open' && !document.getElementById('none').hidden");
    }

    private static String title(Browser page) {
        return String.valueOf(page.eval("document.getElementById('entity-title').textContent"));
    }

    private static void awaitTitle(Browser page, String label) {
        page.awaitTrue("document.getElementById('entity-title').textContent === " + Browser.quoted(label)
                + " && !document.getElementById('chosen').hidden");
    }

    private static void awaitRow(Browser page, String label) {
        Patience.await(label + " is a row").until(() -> page.texts(".row-label").contains(label));
    }

    private static void choose(Browser page, String label) {
        awaitRow(page, label);
        page.eval(
                "[...document.querySelectorAll('.row')].find((row) => row.querySelector('.row-label').textContent === "
                        + Browser.quoted(label) + ").click()");
        awaitTitle(page, label);
    }

    private static void awaitOpen(Browser page, String dialog) {
        page.awaitTrue("document.getElementById('" + dialog + "').open");
    }

    private static void awaitClosed(Browser page, String dialog) {
        page.awaitTrue("!document.getElementById('" + dialog + "').open");
    }

    private static void pick(Browser page, String component) {
        page.eval("(() => { const select = document.getElementById('make-component'); select.value = '" + component
                + "'; select.dispatchEvent(new Event('change')); })()");
    }

    /** The field of a new component with such a label. */
    private static String field(String name) {
        return "[...document.querySelectorAll('.new-field label')].find((each) => each.textContent === '" + name
                + "').nextElementSibling";
    }

    private static void fill(Browser page, String name, String text) {
        page.eval(field(name) + ".focus(); " + field(name) + ".select()");
        page.type(text);
    }

    private static Set<String> cards(Browser page) {
        return Set.copyOf(page.texts(".card h3"));
    }

    private static List<String> results(Browser page) {
        return page.texts("#results .status");
    }

    private static Entity chosen(Browser page) {
        return Entity.parse(String.valueOf(page.eval("new URLSearchParams(location.hash.slice(1)).get('entity')")));
    }

    @Test
    @DisplayName(
            "an entity is made by keyboard, chosen, given a child and further components, and seen on the other node")
    void making() {
        ann.focus("#spawn").enter();
        awaitOpen(ann, "make-dialog");
        assertThat(ann.eval("document.activeElement.id")).isEqualTo("make-component");
        fill(ann, "name", "House");
        ann.enter();
        awaitTitle(ann, "House");
        ann.awaitTrue("document.activeElement.id === 'entity-title'");
        Entity house = chosen(ann);
        choose(bob, "House");

        ann.focus("#spawn").enter();
        awaitOpen(ann, "make-dialog");
        pick(ann, "Lamp");
        fill(ann, "level", "11");
        ann.eval("document.getElementById('make-child').click()");
        assertThat(ann.texts("#make-child-label")).containsExactly("As a child of House");
        ann.eval("document.getElementById('make-do').click()");
        // The node says what is wrong with it, nothing is made, and what was filled in is still there.
        ann.awaitTrue("document.getElementById('make-error').textContent.includes('10')");
        fill(ann, "level", "9");
        fill(ann, "steps", "[1,");
        ann.eval("document.getElementById('make-do').click()");
        ann.awaitTrue("document.getElementById('make-error').textContent.startsWith('steps must be JSON')");
        ann.awaitTrue("document.activeElement.getAttribute('aria-invalid') === 'true'");
        fill(ann, "steps", "[1, 2]");
        ann.eval("document.getElementById('make-do').click()");
        ann.awaitTrue("document.getElementById('entity-parent').textContent === 'in House'");
        Entity lamp = chosen(ann);
        assertThat(nodes.read(0, lamp, SyncNodes.Lamp.class))
                .isEqualTo(new SyncNodes.Lamp(false, 9, "New", List.of(1, 2)));
        assertThat(nodes.read(0, lamp, Parent.class)).isEqualTo(new Parent(house));
        awaitRow(bob, "Entity " + lamp);

        // On the other node, on a small screen.
        bob.focus("#add").enter();
        awaitOpen(bob, "make-dialog");
        assertThat(bob.texts("#make-component option"))
                .contains("Lamp", "Position")
                .doesNotContain("Name", "EntityControl");
        pick(bob, "Position");
        bob.eval("document.getElementById('make-do').click()");
        awaitClosed(bob, "make-dialog");
        Patience.await("both cards").until(() -> cards(bob).equals(Set.of("Name", "Position")));
        choose(ann, "House");
        Patience.await("both cards").until(() -> cards(ann).equals(Set.of("Name", "Position")));
        assertThat(nodes.read(1, house, Position.class)).isEqualTo(new Position(0, 0, 0));
        assertThat(results(ann)).containsExactly("Ok", "Ok", "ValidationError", "Ok");
        assertThat(results(bob)).containsExactly("Ok");
        assertThat(ann.complaints).isEmpty();
        assertThat(bob.complaints).isEmpty();
    }

    @Test
    @DisplayName("each component begins with a value that the node takes, whatever its fields are")
    void defaults() {
        nodes.spawn(0, new Name("Somebody"));
        awaitRow(ann, "Somebody");
        ann.eval("document.getElementById('spawn').click()");
        awaitOpen(ann, "make-dialog");
        List<String> components = ann.texts("#make-component option");
        assertThat(components).contains("Name", "Parent", "Owner", "Tags", "ExternalId", "Position", "Lamp", "Secret");
        ann.eval("document.getElementById('make-cancel').click()");
        for (String component : components) {
            ann.eval("document.getElementById('spawn').click()");
            awaitOpen(ann, "make-dialog");
            pick(ann, component);
            ann.eval("document.getElementById('make-do').click()");
            awaitClosed(ann, "make-dialog");
        }
        assertThat(results(ann)).hasSize(components.size()).containsOnly("Ok");
        // Each of another shape, by the rules that the page is made of.
        JsonArray values = (JsonArray) ann.eval("""
                import('/client/inspector-schema.js').then(({ defaultOf }) => [
                  { type: 'integer', minimum: 3, maximum: 9 },
                  { type: 'integer', maximum: -4 },
                  { type: 'number', minimum: -2.5, maximum: -0.5 },
                  { type: 'integer', minimum: 0.5 },
                  { type: 'string', minLength: 6 },
                  { type: 'string', maxLength: 1 },
                  { type: 'string', enum: ['red', 'blue'] },
                  { type: 'string', contentEncoding: 'base64' },
                  { type: 'string', format: 'uint64' },
                  { type: 'array', minItems: 2, items: { type: 'boolean' } },
                  { type: 'object', properties: { a: { type: 'object', properties: {}, required: [] }, b: {} }, required: ['a'] },
                ].map((schema) => defaultOf(schema, '42')))
                """);
        assertThat(values.encode())
                .isEqualTo("[3,-4,-0.5,1,\"New...\",\"N\",\"red\",\"\",\"42\",[false,false],{\"a\":{}}]");
        assertThat(ann.complaints).isEmpty();
    }

    @Test
    @DisplayName("what is taken away is named first, with the children that stay, and is gone on the other node")
    void takingAway() {
        Entity house = nodes.spawn(0, new Name("House"), new Position(1, 2, 3));
        Entity door = nodes.spawn(0, new Name("Door"), new Parent(house));
        Entity window = nodes.spawn(0, new Name("Window"), new Parent(house));
        choose(ann, "House");
        choose(bob, "House");
        ann.eval("document.querySelector('[aria-label=\"Remove Position\"]').focus()");
        ann.enter();
        awaitOpen(ann, "sure-dialog");
        assertThat(ann.texts("#sure-title")).containsExactly("Remove Position from “House”?");
        // Who presses Enter without reading has done nothing.
        assertThat(ann.eval("document.activeElement.id")).isEqualTo("sure-cancel");
        ann.enter();
        awaitClosed(ann, "sure-dialog");
        assertThat(nodes.components(0, house)).contains("Position");
        ann.eval("document.querySelector('[aria-label=\"Remove Position\"]').click()");
        awaitOpen(ann, "sure-dialog");
        ann.focus("#sure-do").enter();
        awaitClosed(ann, "sure-dialog");
        Patience.await("one card").until(() -> cards(bob).equals(Set.of("Name")));

        ann.focus("#despawn").enter();
        awaitOpen(ann, "sure-dialog");
        assertThat(ann.texts("#sure-title")).containsExactly("Despawn “House”?");
        assertThat(ann.texts("#sure-text").get(0)).contains("Entity " + house, "Name", "Its 2 children stay");
        // It is said as it is now, not as it was when the question was asked.
        SyncNodes.get(nodes.space(1).despawn(window));
        ann.awaitTrue("document.getElementById('sure-text').textContent.includes('Its child “Door” stays')");
        ann.picture("despawn-wide-light");
        ann.escape();
        awaitClosed(ann, "sure-dialog");
        assertThat(title(ann)).isEqualTo("House");

        // From the tree, by keyboard.
        ann.focus("#tree").key("Home").key("Delete");
        awaitOpen(ann, "sure-dialog");
        assertThat(ann.texts("#sure-title")).containsExactly("Despawn “House”?");
        ann.focus("#sure-do").enter();
        awaitClosed(ann, "sure-dialog");
        ann.awaitTrue("document.activeElement.id === 'tree' && !document.getElementById('unchosen').hidden");
        bob.awaitTrue("document.getElementById('entity-news').textContent === 'This entity is not here any more.'");
        bob.awaitTrue("despawn.disabled && add.disabled");
        bob.eval("document.getElementById('back').click()");
        Patience.await("the child stays").until(() -> bob.texts(".row-label").equals(List.of("Door")));
        assertThat(nodes.read(1, door, Name.class)).isEqualTo(new Name("Door"));
        assertThat(results(ann)).containsExactly("Ok", "Ok");
        assertThat(ann.complaints).isEmpty();
        assertThat(bob.complaints).isEmpty();
    }

    @Test
    @DisplayName(
            "of two who add the same component one is told that the other was faster; the dialogs fit every screen")
    void together() {
        Entity house = nodes.spawn(0, new Name("House"));
        choose(ann, "House");
        ann.focus("#add").enter();
        awaitOpen(ann, "make-dialog");
        pick(ann, "Position");
        SyncNodes.get(nodes.space(1).set(house, new Position(7, 7, 7)));
        ann.eval("document.getElementById('make-do').click()");
        ann.awaitTrue("document.getElementById('make-error').textContent.startsWith('Somebody else was faster')");
        Patience.await("the other's is there")
                .until(() -> new Position(7, 7, 7).equals(nodes.read(0, house, Position.class)));
        assertThat(results(ann)).containsExactly("Conflict");
        for (String colours : List.of("light", "dark")) {
            ann.colours(colours).size(1280, 850, false).picture("making-wide-" + colours);
            ann.size(390, 844, true).picture("making-narrow-" + colours);
            assertThat(ann.eval("document.documentElement.scrollWidth <= innerWidth"
                            + " && document.getElementById('make-dialog').getBoundingClientRect().right <= innerWidth"))
                    .isEqualTo(true);
        }
    }
}
