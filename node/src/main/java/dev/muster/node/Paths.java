package dev.muster.node;

import dev.muster.node.connection.Route;
import dev.muster.node.transport.RouteTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The node's paths in the order in which they are tried: segment by segment, a literal before a parameter. So protocols
 * need not know of one another.
 */
final class Paths {

    private record Path(String pattern, Consumer<RouteTable.Builder> entry) {

        /** With parameters behind every literal. */
        String order() {
            return pattern.replaceAll("\\{[^}]*}", "\uffff");
        }
    }

    /** A page each for who asks without an upgrade. */
    private static final Set<String> PAGES = Set.of("/", "/sync");

    private final List<Path> all = new ArrayList<>();

    /** Only what is the node's own. */
    Paths() {
        plain("/ws/stats");
        plain("/ws/{room}/stats");
        plain("/api/rooms/{room}/stats");
        // Names of endpoints, spoken or not: never rooms of the relay.
        absent("/ws/chat");
        absent("/ws/packet");
        absent("/ws/sync");
    }

    void socket(Route route) {
        all.removeIf(path -> path.pattern.equals(route.pattern()));
        boolean isPage = PAGES.contains(route.pattern());
        all.add(new Path(route.pattern(), table -> {
            if (isPage) {
                table.socketOrPlain(route);
            } else {
                table.socket(route);
            }
        }));
    }

    private void plain(String pattern) {
        all.add(new Path(pattern, table -> table.plain(pattern)));
    }

    private void absent(String pattern) {
        all.add(new Path(pattern, table -> table.absent(pattern)));
    }

    /**
     * @param first tried before all others
     */
    RouteTable table(List<Route> first) {
        RouteTable.Builder table = RouteTable.builder();
        first.forEach(table::socket);
        all.sort(Comparator.comparing(Path::order));
        for (Path path : all) {
            path.entry.accept(table);
        }
        return table.build();
    }
}
