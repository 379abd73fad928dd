package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Position;
import dev.muster.node.sync.component.Tags;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The client for browsers in two of them, each on a node of its own. */
class SyncClientIT {

    private final List<Browser> browsers = new ArrayList<>();
    private SyncNodes nodes;
    private Browser ann;
    private Browser bob;

    @BeforeEach
    void start() {
        browsers.add(new Browser(800, 600));
        browsers.add(new Browser(800, 600));
        nodes = new SyncNodes();
        ann = client(0);
        bob = client(1);
    }

    @AfterEach
    void stop() {
        browsers.forEach(Browser::close);
        if (nodes != null) {
            nodes.close();
        }
    }

    /** A page that has no connection to a space of its own. */
    private Browser client(int index) {
        Browser page = browsers.get(index).open(nodes.url(index, "/cluster"));
        page.eval("""
                (async () => {
                  const { MusterSync } = await import('/client/muster-sync.js');
                  globalThis.sync = new MusterSync();
                  globalThis.sent = [];
                  sync.addEventListener('frame', ({ detail }) => detail.sent && sent.push(detail.frame));
                  globalThis.told = [];
                  globalThis.listen = (items) => items.onChange((changes) => told.push(
                      ...changes.map(({ kind, entity, component }) => [kind, entity, component ?? ''].join(' ').trim())));
                  globalThis.why = (promise) => promise.then(() => 'Ok', (failure) => failure.status);
                  sync.connect();
                })()
                """);
        page.awaitTrue("sync.state === 'open'");
        return page;
    }

    private static List<String> list(Object array) {
        List<String> all = new ArrayList<>();
        ((JsonArray) array).forEach(each -> all.add(String.valueOf(each)));
        return all;
    }

    @Test
    @DisplayName("what one spawns, sets, patches, takes away and despawns, the other has, from another node")
    void changes() {
        bob.eval("globalThis.all = sync.subscribe('*'); listen(all); all.ready");
        String entity = (String) ann.eval("sync.spawn('Name', { name: 'Lamp' }).then((made) => made.entity)");
        bob.awaitTrue("all.get('" + entity + "', 'Name')?.name === 'Lamp'");
        ann.eval("sync.mutate('" + entity + "', 'Lamp', { on: false, level: 3, colour: 'red', steps: [1, 2] })");
        bob.awaitTrue("all.get('" + entity + "', 'Lamp')?.level === 3");
        bob.eval("sync.mutate('" + entity + "', 'Lamp', { on: true }, { patch: true })");
        Entity lamp = Entity.parse(entity);
        assertThat(nodes.read(1, lamp, SyncNodes.Lamp.class))
                .isEqualTo(new SyncNodes.Lamp(true, 3, "red", List.of(1, 2)));
        bob.awaitTrue("all.get('" + entity + "', 'Lamp').on === true");

        long revision = ((Number) bob.eval("all.item('" + entity + "', 'Lamp').revision")).longValue();
        assertThat(ann.eval("why(sync.mutate('" + entity + "', 'Lamp', { level: 4 }, { patch: true, expectedRevision: "
                        + (revision - 1) + " }))"))
                .isEqualTo("Conflict");
        assertThat(ann.eval("why(sync.mutate('" + entity + "', 'Lamp', { level: 11 }, { patch: true }))"))
                .isEqualTo("ValidationError");
        assertThat(ann.eval("why(sync.mutate('77', 'Name', { name: 'nobody' }))"))
                .isEqualTo("NotFound");

        ann.eval("sync.remove('" + entity + "', 'Lamp')");
        bob.awaitTrue("!all.components('" + entity + "').has('Lamp')");
        ann.eval("sync.despawn('" + entity + "')");
        bob.awaitTrue("!all.has('" + entity + "')");
        assertThat(list(bob.eval("told")).stream().filter(each -> each.contains(entity)))
                .startsWith("added " + entity + " Name", "added " + entity + " Lamp")
                .contains("updated " + entity + " Lamp")
                .endsWith("removed " + entity + " Lamp", "despawned " + entity);
        assertThat(ann.complaints).isEmpty();
        assertThat(bob.complaints).isEmpty();
    }

    @Test
    @DisplayName("the same asked twice is sent once, and ended when the last one lets go")
    void counted() {
        Entity near = nodes.spawn(0, new Position(1, 1, 0), new Tags(List.of("ship")));
        Entity far = nodes.spawn(0, new Position(900, 900, 0), new Tags(List.of("ship")));
        ann.eval("globalThis.a = sync.subscribe('Position'); globalThis.b = sync.subscribe('Position');"
                + " globalThis.c = sync.subscribe('Position', null, { tag: 'ship', region: { center: { x: 0, y: 0 }, radius: 50 } });"
                + " Promise.all([a.ready, b.ready, c.ready])");
        assertThat(ann.eval("sent.filter(({ type }) => type === 'subscribe').length"))
                .isEqualTo(2);
        ann.awaitTrue("b.size === 2 && c.size === 1");
        assertThat(list(ann.eval("[...b.keys()]"))).containsExactlyInAnyOrder(near.toString(), far.toString());
        assertThat(list(ann.eval("[...c.keys()]"))).containsExactly(near.toString());
        // It sails out of the region, and another in.
        SyncNodes.get(nodes.space(1).set(near, new Position(500, 500, 0)));
        SyncNodes.get(nodes.space(1).set(far, new Position(10, 10, 0)));
        ann.awaitTrue("c.size === 1 && c.has('" + far + "')");

        ann.eval("a.close(); a.close()");
        SyncNodes.get(nodes.space(1).set(far, new Position(11, 11, 0)));
        ann.awaitTrue("b.get('" + far + "').x === 11");
        assertThat(ann.eval("sent.some(({ type }) => type === 'unsubscribe')")).isEqualTo(false);
        ann.eval("b.close()");
        ann.awaitTrue("sent.filter(({ type }) => type === 'unsubscribe').length === 1");
        assertThat(ann.eval("why(sync.subscribe('Nothing').ready)")).isEqualTo("NotFound");
        assertThat(list(ann.eval("sync.query('entities', { components: ['Tags'] })"
                        + ".then((rows) => rows.map(({ entity }) => entity))")))
                .containsExactlyInAnyOrder(near.toString(), far.toString());
        assertThat(ann.eval("why(sync.query('nothing'))")).isEqualTo("NotFound");
    }

    @Test
    @DisplayName("of two who take an entity one has it, and the other may when it is let go or the first is gone")
    void control() {
        Entity thing = nodes.spawn(0, new Name("Thing"));
        ann.eval("sync.control('" + thing + "').then((hold) => { globalThis.hold = hold; })");
        assertThat(bob.eval("why(sync.control('" + thing + "'))")).isEqualTo("AlreadyControlled");
        assertThat(bob.eval("why(sync.mutate('" + thing + "', 'Name', { name: 'mine' }))"))
                .isEqualTo("Forbidden");
        assertThat(ann.eval("why(sync.mutate('" + thing + "', 'Name', { name: 'hers' }))"))
                .isEqualTo("Ok");
        ann.eval("hold.release()");
        assertThat(ann.eval("hold.lost")).isEqualTo("Released");
        Patience.await("the other node knows").until(() -> nodes.read(1, thing, EntityControl.class) == null);
        bob.eval("sync.control('" + thing + "').then((hold) => { globalThis.hold = hold; })");
        assertThat(ann.eval("why(sync.control('" + thing + "'))")).isEqualTo("AlreadyControlled");
        bob.open("about:blank");
        Patience.await("nobody has it").until(() -> nodes.read(0, thing, EntityControl.class) == null);
        assertThat(ann.eval("why(sync.control('" + thing + "'))")).isEqualTo("Ok");
    }

    @Test
    @DisplayName("after a break the copy is as the space is, and only the difference is told")
    void breaks() {
        Entity stays = nodes.spawn(1, new Name("stays"));
        Entity goes = nodes.spawn(1, new Name("goes"));
        Entity changes = nodes.spawn(1, new Name("before"));
        ann.eval("globalThis.all = sync.subscribe('*'); all.ready");
        ann.awaitTrue("all.size === 3");
        ann.eval(
                "listen(all); globalThis.states = []; sync.addEventListener('state', ({ detail }) => states.push(detail));"
                        + " globalThis.watched = []; sync.watchQuery('entities', { components: ['Name'] }, (rows) => watched.push(rows.length))");
        ann.awaitTrue("watched.at(-1) === 3");
        Entity[] comes = new Entity[1];
        nodes.without(() -> {
            ann.awaitTrue("sync.state !== 'open'");
            // What is held stays readable meanwhile.
            assertThat(ann.eval("all.size")).isEqualTo(3);
            SyncNodes.get(nodes.space(1).despawn(goes));
            SyncNodes.get(nodes.space(1).set(changes, new Name("after")));
            comes[0] = nodes.spawn(1, new Name("comes"), new Position(1, 2, 3));
            ann.eval("globalThis.late = sync.mutate('" + stays + "', 'Tags', { tags: ['late'] }); 0");
        });
        // A call has its time from when it was made, and the pauses between attempts grow.
        Patience.await("it is back").until(() -> {
            ann.eval("sync.retry()");
            return Boolean.TRUE.equals(ann.eval("sync.state === 'open'"));
        });
        ann.awaitTrue("all.isReady");
        assertThat(ann.eval("why(late)")).isEqualTo("Ok");
        ann.awaitTrue("all.get('" + stays + "', 'Tags')?.tags[0] === 'late'");
        assertThat(list(ann.eval("told")))
                .containsExactlyInAnyOrder(
                        "despawned " + goes,
                        "updated " + changes + " Name",
                        "added " + comes[0] + " Name",
                        "added " + comes[0] + " Position",
                        "added " + stays + " Tags");
        assertThat(ann.eval("all.get('" + changes + "', 'Name').name")).isEqualTo("after");
        assertThat(list(ann.eval("[...all.keys()]")))
                .containsExactlyInAnyOrder(stays.toString(), changes.toString(), comes[0].toString());
        ann.awaitTrue("watched.at(-1) === 3 && watched.length > 1");
        assertThat(
                        ann.eval(
                                "states.filter(({ state }) => state === 'waiting').every(({ wait }) => wait >= 0 && wait <= 20000)"))
                .isEqualTo(true);
    }

    @Test
    @DisplayName("a component that the node does not know survives as its bytes, and can be decoded by who knows it")
    void unknown() {
        Entity entity = nodes.spawn(0, new Name("box"), new SyncNodes.Secret("hi"));
        bob.eval("globalThis.all = sync.subscribe('*', '" + entity + "'); all.ready");
        bob.awaitTrue("all.components('" + entity + "').has('Secret')");
        assertThat(bob.eval("all.item('" + entity + "', 'Secret').isKnown")).isEqualTo(false);
        assertThat(list(bob.eval("[...all.item('" + entity + "', 'Secret').bytes]")))
                .containsExactly("2", "104", "105");
        bob.eval("(async () => { const { MusterSync } = await import('/client/muster-sync.js');"
                + " globalThis.other = new MusterSync({ decoders: {"
                + " Secret: (bytes) => new TextDecoder().decode(bytes.subarray(1)), Name: () => { throw new Error('no'); } } }).connect();"
                + " globalThis.decoded = other.subscribe('*'); await decoded.ready; })()");
        bob.awaitTrue("decoded.has('" + entity + "')");
        assertThat(bob.eval("decoded.get('" + entity + "', 'Secret')")).isEqualTo("hi");
        // A decoder that fails costs nobody anything.
        assertThat(bob.eval("decoded.get('" + entity + "', 'Name').name")).isEqualTo("box");
    }

    @Test
    @DisplayName("a space with more than fits into one frame comes in pages, whole")
    void pages() {
        int count = 5_000;
        for (int i = 0; i < count; i += 1000) {
            var batch = nodes.space(0).batch();
            for (int j = i; j < i + 1000; j++) {
                batch.spawn(new Name("entity number " + j), new Position(j, j, j));
            }
            SyncNodes.get(batch.run());
        }
        bob.eval("globalThis.batches = 0; sync.addEventListener('frame', ({ detail }) => {"
                + " batches += detail.sent ? 0 : 1; });"
                + " globalThis.all = sync.subscribe('*'); globalThis.names = sync.subscribe('Name');"
                + " globalThis.none = sync.subscribe('Owner'); Promise.all([all.ready, names.ready, none.ready])");
        bob.awaitTrue("all.size === " + count + " && names.size === " + count);
        assertThat(bob.eval("none.size")).isEqualTo(0);
        assertThat((Integer) bob.eval("batches")).isGreaterThan(3);
        assertThat(bob.eval("new Set([...names].map(([, { name }]) => name)).size"))
                .isEqualTo(count);
    }
}
