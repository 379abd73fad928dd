package dev.muster.node.sync;

import static dev.muster.node.sync.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.muster.node.connection.Identity;
import dev.muster.node.connection.QuietConnection;
import dev.muster.node.sync.MutationPolicy.Action;
import dev.muster.node.sync.MutationPolicy.Mutation;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.node.sync.component.ExternalId;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Position;
import dev.muster.node.sync.component.Tags;
import dev.muster.node.sync.component.Template;
import dev.muster.node.sync.external.ExternalClient;
import dev.muster.node.sync.external.ExternalSpaces;
import dev.muster.node.sync.external.Seen;
import dev.muster.node.sync.external.Spawn;
import dev.muster.registry.mock.InMemoryCluster;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Entities by ids that clients give them, on two nodes. */
class ExternalSpacesTest {

    private final Vertx vertx = Vertx.vertx();
    private final InMemoryCluster cluster = InMemoryCluster.create(vertx);
    private final List<Mutation> asked = new CopyOnWriteArrayList<>();
    private TestNode one;
    private TestNode two;
    private ExternalSpaces atOne;
    private ExternalSpaces atTwo;

    private volatile MutationPolicy policy = MutationPolicy.ALLOW;
    private volatile ReadPolicy reading = ReadPolicy.ALLOW;
    private final Sync sync = Sync.builder()
            .position(Position.class, at -> new Sync.Point(at.x(), at.y(), at.z()))
            .mutations(mutation -> {
                asked.add(mutation);
                return policy.allows(mutation);
            })
            .reading((identity, space, component) -> reading.allows(identity, space, component))
            .build();

    @BeforeEach
    void start() {
        one = new TestNode(vertx, cluster, "one", SyncSettings.DEFAULT, sync);
        two = new TestNode(vertx, cluster, "two", SyncSettings.DEFAULT, sync);
        atOne = new ExternalSpaces(one.spaces, false, Map.of());
        atTwo = new ExternalSpaces(two.spaces, false, Map.of());
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        get(vertx.close());
    }

    /** Somebody in a room. */
    private final class Guest extends QuietConnection {

        private final Identity identity;
        private final EventLoop loop =
                ((VertxInternal) vertx).createEventLoopContext().nettyEventLoop();

        Guest(String connectionId, String userId, String clientId) {
            super(connectionId);
            identity = new Identity(userId, null, clientId, Set.of(), userId != null);
        }

        @Override
        public Identity identity() {
            return identity;
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public void offer(ByteBuf frame) {}
    }

    private ExternalClient client(TestNode node, String userId, String clientId) {
        ExternalSpaces spaces = node == one ? atOne : atTwo;
        return get(spaces.open(new Guest("c-" + clientId, userId, clientId), Sync.WORLD));
    }

    private ExternalClient ann() {
        return client(one, "ann", "ann-phone");
    }

    private static Spawn spawn(String id, Map<String, String> components) {
        return new Spawn(id, "", "", components);
    }

    private static String name(String name) {
        return "{\"name\":\"" + name + "\"}";
    }

    private static void assertRefused(Future<?> change, Status status, String message) {
        assertThatThrownBy(() -> get(change))
                .isInstanceOfSatisfying(
                        SyncException.class, why -> assertThat(why.status()).isEqualTo(status))
                .hasMessageContaining(message);
    }

    private static List<Seen> seen(ExternalClient client) {
        return get(client.entities(1_000, 1 << 20));
    }

    private static Seen seen(ExternalClient client, String id) {
        return seen(client).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** What there is, with all that other nodes have done until now. */
    private List<Entity> entities(TestNode node) {
        get(node.spaces.open(Sync.WORLD).compose(use -> use.replica().fence().onComplete(here -> use.end())));
        return get(node.world.query(replica -> {
            List<Entity> all = new ArrayList<>();
            replica.forEach(each -> all.add(each.entity()));
            return all;
        }));
    }

    // ---- rooms ----

    @Test
    @DisplayName("the first pattern that fits says which space a room has")
    void patterns() {
        Map<String, String> rooms = new LinkedHashMap<>();
        rooms.put("game-7", "seven");
        rooms.put("game-*", "games");
        ExternalSpaces spaces = new ExternalSpaces(one.spaces, false, rooms);
        assertThat(spaces.spaceOf("game-7")).isEqualTo("seven");
        assertThat(spaces.spaceOf("game-8")).isEqualTo("games");
        assertThat(spaces.spaceOf("game-")).isEqualTo("games");
        assertThat(spaces.spaceOf("lobby")).isNull();
    }

    @Test
    @DisplayName("a room for a space that was not declared is refused when it is declared")
    void undeclared() {
        assertThatThrownBy(() -> Sync.builder().room("lobby", "nowhere").build())
                .hasMessageContaining("lobby")
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> Sync.builder().room("", Sync.WORLD)).hasMessageContaining("room");
        assertThat(Sync.builder().room("lobby", Sync.WORLD).build().rooms())
                .containsExactly(Map.entry("lobby", Sync.WORLD));
    }

    // ---- spawning ----

    @Test
    @DisplayName(
            "a spawned entity has its id, its template, its components, and its spawner as its owner if that was said")
    void spawned() {
        ExternalClient ann = ann();
        get(ann.spawn(new Spawn("box", "crate", "ann-phone", Map.of("Name", name("A box")))));
        Entity box = entities(one).get(0);
        assertThat(get(two.world.read(box, ExternalId.class))).contains(new ExternalId("box"));
        assertThat(get(two.world.read(box, Template.class))).contains(new Template("crate"));
        assertThat(get(two.world.read(box, Owner.class))).contains(new Owner("ann"));
        assertThat(get(two.world.read(box, Name.class))).contains(new Name("A box"));
        assertThat(asked)
                .extracting(Mutation::action, Mutation::component)
                .containsExactly(
                        tuple(Action.SPAWN, "ExternalId"),
                        tuple(Action.SPAWN, "Template"),
                        tuple(Action.SPAWN, "Owner"),
                        tuple(Action.SPAWN, "Name"));
    }

    @Test
    @DisplayName("nobody can make an entity somebody else's, and one of nobody in particular has no owner")
    void owners() {
        ExternalClient ann = ann();
        ExternalClient anonymous = client(one, null, "guest");
        assertRefused(ann.spawn(new Spawn("a", "", "bob", Map.of())), Status.FORBIDDEN, "owner");
        assertRefused(anonymous.spawn(new Spawn("a", "", "ann", Map.of())), Status.FORBIDDEN, "owner");
        assertThat(entities(one)).isEmpty();
        get(ann.spawn(new Spawn("a", "", "ann", Map.of())));
        get(ann.spawn(spawn("b", Map.of())));
        get(anonymous.spawn(new Spawn("c", "", "guest", Map.of())));
        assertThat(seen(ann, "a").components()).containsExactly(Map.entry("Owner", "{\"user\":\"ann\"}"));
        assertThat(seen(ann, "b").components()).isEmpty();
        assertThat(seen(ann, "c").components()).isEmpty();
    }

    @Test
    @DisplayName("of a spawn or update with one bad component nothing is made")
    void nothingInPart() {
        ExternalClient ann = ann();
        Map<String, String> good = Map.of("Name", name("a"));
        for (Map<String, String> bad : List.of(
                Map.of("Name", name("a"), "Position", "{\"x\":1}"),
                Map.of("Name", name("a"), "Nothing", "{}"),
                Map.of("Name", name("a"), "Position", "{\"x\":1,\"y\":2,\"z\":3} {}"),
                Map.of("Name", name("a"), "Parent", "{\"parent\":\"4711\"}"),
                Map.of("Name", name("a"), "EntityControl", "{}"),
                Map.of("Name", name("a"), "ExternalId", "{\"id\":\"other\"}"))) {
            assertThatThrownBy(() -> get(ann.spawn(spawn("box", bad)))).isInstanceOf(SyncException.class);
            assertThat(entities(one)).isEmpty();
        }
        policy = mutation -> !"Position".equals(mutation.component());
        Map<String, String> forbidden = Map.of("Name", name("b"), "Position", "{\"x\":1,\"y\":2,\"z\":3}");
        assertRefused(ann.spawn(spawn("box", forbidden)), Status.FORBIDDEN, "not allowed");
        assertThat(entities(one)).isEmpty();
        get(ann.spawn(spawn("box", good)));
        assertRefused(ann.update("box", forbidden), Status.FORBIDDEN, "not allowed");
        policy = MutationPolicy.ALLOW;
        Map<String, String> broken = Map.of("Name", name("b"), "Position", "{\"x\":1,\"y\":2,\"z\":\"3\"}");
        assertRefused(ann.update("box", broken), Status.VALIDATION_ERROR, "z must");
        assertRefused(
                ann.update("box", Map.of("Name", name("b"), "ExternalId", "{\"id\":\"x\"}")),
                Status.VALIDATION_ERROR,
                "ExternalId stays");
        assertThat(seen(ann, "box").components()).isEqualTo(good);
    }

    @Test
    @DisplayName("an id can be spawned again when it is gone, also when another node has despawned it just now")
    void again() {
        ExternalClient ann = ann();
        ExternalClient bob = client(two, "bob", "bob-phone");
        for (int i = 0; i < 20; i++) {
            get(ann.spawn(spawn("box", Map.of())));
            assertRefused(bob.spawn(spawn("box", Map.of())), Status.CONFLICT, "already");
            get((i % 2 == 0 ? ann : bob).despawn("box"));
        }
        assertThat(entities(one)).isEmpty();
        assertRefused(ann.despawn("box"), Status.NOT_FOUND, "none");
        assertRefused(ann.update("box", Map.of()), Status.NOT_FOUND, "none");
    }

    @Test
    @DisplayName("of those who spawn one id at once, on two nodes and twice on each, one has made it")
    void atOnce() {
        Random random = new Random(4);
        List<ExternalClient> clients =
                List.of(ann(), client(one, "a2", "a2"), client(two, "bob", "b"), client(two, "b2", "b2"));
        for (int round = 0; round < 30; round++) {
            String id = "prize-" + random.nextInt(5);
            List<Future<Void>> spawns = clients.stream()
                    .map(client -> client.spawn(spawn(id, Map.of("Tags", "{\"tags\":[\"x\"]}"))))
                    .toList();
            get(Future.join(spawns).otherwiseEmpty());
            assertThat(spawns.stream().filter(Future::succeeded))
                    .as("round " + round)
                    .hasSize(1);
            assertThat(entities(one)).hasSize(1);
            assertThat(entities(two)).hasSize(1).isEqualTo(entities(one));
            get(clients.get(random.nextInt(clients.size())).despawn(id));
        }
    }

    // ---- changing ----

    @Test
    @DisplayName("what another node has made a moment ago is found, and changed as its policy says")
    void elsewhere() {
        ExternalClient ann = ann();
        for (int i = 0; i < 20; i++) {
            Entity made = get(two.world.spawn(new ExternalId("e-" + i), new Name("two")));
            get(ann.update("e-" + i, Map.of("Name", name("ann"), "Tags", "{\"tags\":[]}")));
            assertThat(get(one.world.read(made, Name.class))).contains(new Name("ann"));
            assertThat(get(one.world.read(made, Tags.class))).contains(new Tags(List.of()));
        }
        Mutation last = asked.get(asked.size() - 1);
        assertThat(last.action()).isEqualTo(Action.SET);
        assertThat(last.identity().userId()).isEqualTo("ann");
        assertThat(last.state()).isNotNull();
        get(ann.despawn("e-0"));
        assertThat(asked.get(asked.size() - 1).action()).isEqualTo(Action.DESPAWN);
        assertThat(entities(two)).hasSize(19);
    }

    @Test
    @DisplayName("an entity that somebody has taken is theirs")
    void controlled() {
        ExternalClient ann = ann();
        get(ann.spawn(spawn("box", Map.of())));
        Entity box = entities(one).get(0);
        get(one.world.set(box, new EntityControl("somebody", 7, 1)));
        // Reads what this node has written.
        entities(one);
        assertRefused(ann.update("box", Map.of("Name", name("x"))), Status.FORBIDDEN, "controlled by client 7");
        assertRefused(ann.despawn("box"), Status.FORBIDDEN, "controlled by client 7");
        get(one.world.remove(box, EntityControl.class));
        entities(one);
        get(ann.despawn("box"));
    }

    @Test
    @DisplayName("changes of one client to one entity are made in the order in which it asked for them")
    void inOrder() {
        ExternalClient ann = ann();
        List<String> names = new CopyOnWriteArrayList<>();
        get(two.world.watch(Name.class, new ComponentWatcher<>() {
            @Override
            public void onSet(Entity entity, Name name, long revision) {
                names.add(name.name());
            }

            @Override
            public void onRemoved(Entity entity) {}
        }));
        List<Future<Void>> changes = new ArrayList<>();
        changes.add(ann.spawn(spawn("box", Map.of("Name", name("0")))));
        for (int i = 1; i <= 100; i++) {
            changes.add(ann.update("box", Map.of("Name", name(Integer.toString(i)))));
        }
        changes.add(ann.despawn("box"));
        changes.add(ann.spawn(spawn("box", Map.of("Name", name("again")))));
        changes.forEach(TestNode::get);
        assertThat(seen(ann, "box").components()).containsExactly(Map.entry("Name", name("again")));
        await().atMost(Duration.ofSeconds(20)).until(() -> names.contains("again"));
        assertThat(names.stream().filter(name -> !name.equals("again")).map(Integer::valueOf))
                .isSorted();
    }

    // ---- names ----

    @Test
    @DisplayName("of several with one id the first is called so; the others by their numbers, until the first is gone")
    void duplicates() {
        Entity first = get(one.world.spawn(new ExternalId("box"), new Name("first")));
        Entity second = get(two.world.spawn(new ExternalId("box"), new Name("second")));
        Entity third = get(one.world.spawn(new ExternalId("box"), new Name("third")));
        for (ExternalClient client : List.of(ann(), client(two, "bob", "b"))) {
            assertThat(seen(client))
                    .extracting(Seen::id)
                    .containsExactlyInAnyOrder("box", second.toString(), third.toString());
            assertThat(seen(client, "box").components()).containsValue(name("first"));
        }
        ExternalClient ann = ann();
        get(ann.update(second.toString(), Map.of("Name", name("2"))));
        assertRefused(ann.update(first.toString(), Map.of()), Status.NOT_FOUND, "none");
        get(ann.despawn("box"));
        assertThat(seen(ann, "box").components()).containsValue(name("2"));
        // Another id by a change of the component: the third is the only one left.
        get(one.world.set(second, new ExternalId("crate")));
        assertThat(seen(ann, "crate").components()).containsValue(name("2"));
        assertThat(seen(ann, "box").components()).containsValue(name("third"));
        get(one.world.remove(third, ExternalId.class));
        assertThat(seen(ann)).extracting(Seen::id).containsExactly("crate", third.toString());
        assertRefused(ann.update("box", Map.of()), Status.NOT_FOUND, "none");
        get(ann.despawn(third.toString()));
    }

    @Test
    @DisplayName("a number that is spelled otherwise is no entity's name")
    void numbers() {
        Entity made = get(one.world.spawn(new Name("a")));
        ExternalClient ann = ann();
        assertRefused(ann.despawn("0" + made), Status.NOT_FOUND, "none");
        assertRefused(ann.despawn("-1"), Status.NOT_FOUND, "none");
        assertRefused(ann.despawn("99999999999999999999999"), Status.NOT_FOUND, "none");
        assertRefused(ann.spawn(spawn(made.toString(), Map.of())), Status.CONFLICT, "already");
        get(ann.despawn(made.toString()));
    }

    // ---- seeing ----

    @Test
    @DisplayName("a picture has what one may see of what there is")
    void readable() {
        ExternalClient ann = ann();
        get(ann.spawn(
                new Spawn("box", "crate", "", Map.of("Name", name("a"), "Position", "{\"x\":1,\"y\":2,\"z\":3}"))));
        Entity box = entities(one).get(0);
        assertThat(seen(ann, "box").position()).isEqualTo(new Sync.Point(1, 2, 3));
        reading = (identity, space, component) -> component.equals("Name");
        assertThat(seen(ann)).containsExactly(new Seen(box.toString(), null, null, Map.of("Name", name("a"))));
        reading = (identity, space, component) -> component.equals("Template");
        assertThat(seen(ann)).containsExactly(new Seen(box.toString(), "crate", null, Map.of()));
        reading = (identity, space, component) -> false;
        assertThat(seen(ann)).isEmpty();
    }

    @Test
    @DisplayName("a picture is bounded in entities and in bytes; those with an id of somebody's own come first")
    void bounded() {
        SpaceBatch batch = one.world.batch();
        for (int i = 0; i < 500; i++) {
            batch.spawn(new Name("x".repeat(100)));
        }
        get(batch.run());
        ExternalClient ann = ann();
        get(ann.spawn(spawn("mine", Map.of())));
        assertThat(seen(ann)).hasSize(501);
        List<Seen> few = get(ann.entities(10, 1 << 20));
        assertThat(few).hasSize(10);
        assertThat(few.get(0).id()).isEqualTo("mine");
        assertThat(get(ann.entities(1_000, 2_000)).size()).isBetween(10, 20);
    }

    @Test
    @DisplayName("when the last who used it is gone and all is done, the space is let go")
    void ends() {
        ExternalSpaces spaces = new ExternalSpaces(one.spaces, false, Map.of());
        ExternalClient ann = get(spaces.open(new Guest("c1", "ann", "a"), Sync.WORLD));
        ExternalClient bob = get(spaces.open(new Guest("c2", "bob", "b"), Sync.WORLD));
        get(ann.spawn(spawn("box", Map.of())));
        ann.end();
        for (int i = 0; i < 40; i++) {
            one.tick();
        }
        assertThat(one.spaces.replicas()).isEqualTo(1);
        Future<Void> last = bob.despawn("box");
        bob.end();
        get(last);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            one.tick();
            return one.spaces.replicas() == 0;
        });
        ExternalClient again = get(spaces.open(new Guest("c3", "ann", "a"), Sync.WORLD));
        assertThat(seen(again)).isEmpty();
        assertThatThrownBy(() -> get(spaces.open(new Guest("c4", "ann", "a"), "nowhere")))
                .hasMessageContaining("no such space");
    }
}
