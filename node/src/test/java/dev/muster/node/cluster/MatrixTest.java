package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.muster.node.cluster.MatrixWire.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who is told what: registry by what is said on which wire by which wire reads it by same node, other node or the very
 * same connection. One room holds them all. After each thing said, the node says a marker that every wire shows: what
 * somebody was told is what came before it, and nothing more can come.
 */
@ParameterizedClass
@EnumSource(Backend.class)
class MatrixTest {

    private static final int NODES = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Parameter
    Backend backend;

    /** Somebody in the room. */
    private record Seat(MatrixWire wire, int node) {
        @Override
        public String toString() {
            return wire + " on node " + node;
        }
    }

    private final Map<Seat, Talker> talkers = new LinkedHashMap<>();
    private final Map<Seat, Integer> read = new LinkedHashMap<>();
    private int markers;
    private Cluster cluster;

    @TestFactory
    @DisplayName("everybody in the room is told exactly what the table says")
    List<DynamicTest> matrix() {
        List<DynamicTest> tests = new ArrayList<>();
        try (Cluster started = new Cluster(
                backend, NODES, node -> node.option("tcp-port", 0).option("packet-room", MatrixWire.ROOM))) {
            cluster = started;
            for (MatrixWire wire : MatrixWire.values()) {
                for (int node = 0; node < NODES; node++) {
                    Seat seat = new Seat(wire, node);
                    talkers.put(seat, wire.enter(cluster, node, wire.nameOn(node)));
                    read.put(seat, 0);
                    awaitMembers(talkers.size());
                }
            }
            awaitName();
            mark();
            for (Seat by : List.copyOf(talkers.keySet())) {
                for (Said said : by.wire.says()) {
                    tests.addAll(say(by, said));
                }
            }
            for (MatrixWire wire : MatrixWire.values()) {
                tests.addAll(comeAndGo(wire, "visitor"));
                if (wire.canBeAnonymous()) {
                    tests.addAll(comeAndGo(wire, null));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(NODES * NODES * MatrixWire.values().length * MatrixWire.values().length);
        return tests;
    }

    private void awaitMembers(long count) {
        await().atMost(PATIENCE).until(() -> Client.get(cluster.node(0).groupCount(MatrixWire.ROOM)) == count);
    }

    /** Raw TCP gets its name a moment after it comes in. */
    private void awaitName() {
        for (int node = 0; node < NODES; node++) {
            String path = "/ws/" + MatrixWire.ROOM + "/stats";
            await().atMost(PATIENCE)
                    .until(() -> cluster.json(0, path).getJsonArray("connections").stream()
                                    .filter(each -> each.toString().contains("\"user_id\":\"1\""))
                                    .count()
                            == 2 * NODES);
        }
    }

    // ---- saying

    private List<DynamicTest> say(Seat by, Said said) {
        talkers.get(by).say(said);
        // What nobody but relay members reads is behind the marker or before it: a relay member tells when it is there.
        Seat witness = new Seat(MatrixWire.RELAY, by.equals(new Seat(MatrixWire.RELAY, 0)) ? 1 : 0);
        int before = read.get(witness);
        await().atMost(PATIENCE).until(() -> talkers.get(witness).heard().size() > before);
        Map<Seat, List<String>> told = mark();
        List<DynamicTest> tests = new ArrayList<>();
        told.forEach((seat, heard) -> {
            String name = by + " says \"" + said + "\" to " + (seat.equals(by) ? "itself" : seat.toString());
            List<String> expected = expected(by, said, seat);
            tests.add(dynamicTest(name, () -> assertThat(heard).isEqualTo(expected)));
        });
        return tests;
    }

    private static List<String> expected(Seat by, Said said, Seat seat) {
        String told = seat.wire.told(by.wire.nameOn(by.node), said);
        boolean silent = told == null || (seat.equals(by) && !seat.wire.echoes());
        return silent ? List.of() : List.of(told);
    }

    // ---- coming and going

    private List<DynamicTest> comeAndGo(MatrixWire wire, @Nullable String wanted) {
        int node = 1;
        String name = wanted != null && wire.hasNameOfToken() ? MatrixWire.HAS_NAME : wanted;
        Talker visitor = wire.enter(cluster, node, name);
        awaitMembers(talkers.size() + 1);
        if (name != null) {
            await().atMost(PATIENCE)
                    .until(() -> talkers.get(new Seat(MatrixWire.CHAT, 0)).heard().stream()
                            .skip(read.get(new Seat(MatrixWire.CHAT, 0)))
                            .anyMatch(heard -> heard.equals("+" + name)));
        }
        Map<Seat, List<String>> came = mark();
        visitor.close();
        awaitMembers(talkers.size());
        Map<Seat, List<String>> went = mark();
        List<DynamicTest> tests = new ArrayList<>();
        String who = wire + (name == null ? " without a name" : " called " + name);
        talkers.keySet().forEach(seat -> {
            boolean told = seat.wire.seesComing(name);
            tests.add(dynamicTest(who + " comes and goes before " + seat, () -> {
                assertThat(shown(came.get(seat), '+')).isEqualTo(moves('+', name, told));
                assertThat(shown(went.get(seat), '-')).isEqualTo(moves('-', name, told));
            }));
        });
        return tests;
    }

    private static List<String> moves(char sign, @Nullable String name, boolean told) {
        return told ? List.of(sign + (name == null ? "somebody" : name)) : List.of();
    }

    /**
     * Without the ids that the nameless go by, and without what a raw connection is before it has shown its token: it
     * comes without a name, goes and comes again with one.
     */
    private static List<String> shown(List<String> heard, char sign) {
        List<String> shown = heard.stream()
                .map(each -> each.replaceAll("^([+-])(WS|TCP)-[A-Za-z0-9_-]{12,26}$", "$1somebody"))
                .toList();
        return sign == '+' && shown.size() == 3 && shown.subList(0, 2).equals(List.of("+somebody", "-somebody"))
                ? shown.subList(2, 3)
                : shown;
    }

    // ---- markers

    /** What each was told since the last marker. */
    private Map<Seat, List<String>> mark() {
        String marker = "marker " + markers++;
        Client.get(cluster.node(0).sendToGroup(MatrixWire.ROOM, marker));
        Map<Seat, List<String>> told = new LinkedHashMap<>();
        talkers.forEach((seat, talker) -> {
            try {
                await().atMost(PATIENCE).until(() -> last(talker).equals("server: " + marker));
            } catch (ConditionTimeoutException late) {
                throw new AssertionError(seat + " has not heard " + marker + " as the last of " + talker.heard(), late);
            }
            List<String> heard = talker.heard();
            told.put(seat, List.copyOf(heard.subList(read.get(seat), heard.size() - 1)));
            read.put(seat, heard.size());
        });
        return told;
    }

    private static String last(Talker talker) {
        List<String> heard = talker.heard();
        return heard.isEmpty() ? "" : heard.get(heard.size() - 1);
    }
}
