package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Three nodes as processes: what one member says, the members on all nodes hear, directly and through nginx. */
@ParameterizedClass(name = "{0}")
@EnumSource(Cluster.Kind.class)
class ClusterIT {

    private static final int NODES = 3;

    private static Cluster cluster;

    private final String room = "room-" + UUID.randomUUID();
    private final List<WsClient> clients = new ArrayList<>();

    // The kind of cluster was needed to start it.
    ClusterIT(Cluster.Kind kind) {}

    @BeforeParameterizedClassInvocation
    static void start(Cluster.Kind kind) {
        cluster = new Cluster(kind, NODES, "--idle-group", "1s", "--history-age", "1s");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void leave() {
        clients.forEach(WsClient::close);
        Patience.await("all connections are gone")
                .until(() -> cluster.nodes().stream().allMatch(node -> connections(node) == 0));
    }

    @Test
    @DisplayName("what is said on any node is heard on all, once, in its room only, and leaves nothing behind")
    void direct() {
        conversation(i -> cluster.node(i % NODES).ws(""));
    }

    @Test
    @DisplayName("the same through nginx, which writes down no token")
    void throughNginx() {
        try (NginxProcess nginx = new NginxProcess(cluster.ports())) {
            conversation(i -> nginx.ws(""));
            WsClient byQuery = keep(WsClient.connect(nginx.ws("/ws/chat/" + room + "?auth_token=valid-token")));
            byQuery.awaitFrame("Welcome John Doe to " + room + "!").leave();
            assertThat(MusterProcess.getFrom(nginx.authority(), "/ready").statusCode())
                    .isEqualTo(200);
            Patience.await("the request is written down")
                    .until(() -> nginx.accessLog().contains("/ws/chat/" + room + " HTTP"));
            assertThat(nginx.accessLog() + nginx.errorLog()).doesNotContain("valid-token");
        }
    }

    private void conversation(IntFunction<String> door) {
        String elsewhere = "other-" + room;
        String hall = "hall-" + room;
        List<WsClient> members = new ArrayList<>();
        List<WsClient> others = new ArrayList<>();
        List<WsClient> talkers = new ArrayList<>();
        for (int i = 0; i < 2 * NODES; i++) {
            members.add(keep(WsClient.relay(door.apply(i) + "/ws/" + room)));
        }
        for (int i = 0; i < NODES; i++) {
            others.add(keep(WsClient.relay(door.apply(i) + "/ws/" + elsewhere)));
            talkers.add(keep(WsClient.chat(door.apply(i) + "/ws/chat/" + hall)));
        }
        countsAgree(members.size(), others.size(), talkers.size(), elsewhere, hall);

        relayed(members);
        others.get(0).say("marker");
        for (WsClient other : others.subList(1, others.size())) {
            assertThat(other.frames(1)).containsExactly("marker");
        }
        assertThat(others.get(0).got()).isEmpty();
        chatted(talkers);

        clients.forEach(WsClient::leave);
        Duration atOnce = Duration.ofSeconds(5);
        for (MusterProcess node : cluster.nodes()) {
            Patience.await("nobody is there", atOnce)
                    .until(() -> node.members(room) + node.members(elsewhere) + node.members(hall) == 0);
            Patience.await("nobody is connected", atOnce).until(() -> connections(node) == 0);
        }
        if (cluster.redis() != null) {
            Patience.await("no key of the rooms is left")
                    .until(() -> cluster.redis().keys().stream().noneMatch(key -> key.contains(room)));
        }
    }

    private void relayed(List<WsClient> members) {
        List<String> said = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            members.get(i).say("text " + i).say(new byte[] {(byte) i, 0, -1});
            said.addAll(List.of("text " + i, "0x0" + i + "00ff"));
        }
        for (int i = 0; i < members.size(); i++) {
            List<String> expected = new ArrayList<>(said);
            expected.subList(2 * i, 2 * i + 2).clear();
            List<String> got = members.get(i).frames(expected.size());
            assertThat(got).containsExactlyInAnyOrderElementsOf(expected);
            for (int sender = 0; sender < members.size(); sender++) {
                if (sender != i) {
                    assertThat(got).containsSubsequence("text " + sender, "0x0" + sender + "00ff");
                }
            }
        }
    }

    private static void chatted(List<WsClient> talkers) {
        talkers.forEach(WsClient::forget);
        for (int i = 0; i < talkers.size(); i++) {
            talkers.get(i).say("line " + i);
            String line = "[John Doe]: line " + i;
            talkers.forEach(talker -> talker.awaitFrame(line));
        }
        for (WsClient talker : talkers) {
            assertThat(talker.got())
                    .filteredOn(line -> line.startsWith("["))
                    .containsExactly("[John Doe]: line 0", "[John Doe]: line 1", "[John Doe]: line 2");
        }
    }

    private void countsAgree(int members, int others, int talkers, String elsewhere, String hall) {
        Set<String> first = null;
        for (MusterProcess node : cluster.nodes()) {
            JsonObject stats = node.json("/ws/" + room + "/stats");
            assertThat(stats.getString("room_id")).isEqualTo(room);
            assertThat(stats.getInteger("connection_count")).isEqualTo(members);
            Set<String> ids = new HashSet<>();
            stats.getJsonArray("connections").forEach(each -> ids.add(((JsonObject) each).getString("id")));
            assertThat(ids).hasSize(members).allMatch(id -> id.matches("[A-Za-z0-9_-]{1,26}"));
            first = first == null ? ids : first;
            assertThat(ids).isEqualTo(first);
            assertThat(node.members(elsewhere)).isEqualTo(others);
            assertThat(node.json("/api/rooms/" + hall + "/stats").getInteger("connection_count"))
                    .isEqualTo(talkers);
            assertThat(connections(node)).isEqualTo(members + others + talkers);
        }
    }

    @Test
    @DisplayName("rooms of any legal name work, and none is another's")
    void names() {
        List<String> names = List.of("emoji 🐙", "a:b", "*", "{x}y", "a/b", "a%2Fb", "stats", "a\\b", "ä", "+", " ");
        List<WsClient> here = new ArrayList<>();
        List<WsClient> there = new ArrayList<>();
        for (String name : names) {
            String path = "/ws/chat/" + encoded(name);
            here.add(keep(WsClient.chat(cluster.node(0).ws(path))));
            there.add(keep(WsClient.chat(cluster.node(1).ws(path))));
        }
        for (int i = 0; i < names.size(); i++) {
            here.get(i).awaitFrame("Welcome John Doe to " + names.get(i) + "!");
            there.get(i).forget();
        }
        for (int i = 0; i < names.size(); i++) {
            here.get(i).say(names.get(i));
        }
        for (int i = 0; i < names.size(); i++) {
            assertThat(there.get(i).frames(1)).containsExactly("[John Doe]: " + names.get(i));
            JsonObject stats = cluster.node(2).json("/api/rooms/" + encoded(names.get(i)) + "/stats");
            assertThat(stats.getString("room_id")).isEqualTo(names.get(i));
            assertThat(stats.getInteger("connection_count")).isEqualTo(2);
        }
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static long connections(MusterProcess node) {
        return node.json("/ws/stats").getLong("total_connections");
    }

    private WsClient keep(WsClient client) {
        clients.add(client);
        return client;
    }
}
