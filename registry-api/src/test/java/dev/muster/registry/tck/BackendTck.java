package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.tck.Backend.Restart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What tests of a backend that goes and comes back share. */
abstract class BackendTck extends TckTest {

    /** Stops the backend and waits until every node knows. */
    final void stop(List<TckNode> nodes, int outage) {
        fixture().backend().stop();
        for (TckNode node : nodes) {
            await(
                    node + " knows that the backend is gone",
                    () -> node.events().count(Event.Unavailable.class) == outage);
        }
    }

    /** Starts the backend again and waits until every node is back in. */
    final void start(List<TckNode> nodes, Restart with, int outage) {
        fixture().backend().start(with);
        for (TckNode node : nodes) {
            await(node + " is back", () -> node.events().count(Event.Recovered.class) == outage);
        }
    }

    final void restart(List<TckNode> nodes, Restart with) {
        stop(nodes, 1);
        start(nodes, with, 1);
    }

    /** A feed goes on from the log's head when it is reset; what is said later is heard. */
    final void awaitResets(String group, List<TckNode> nodes) {
        for (TckNode node : nodes) {
            await(node + "'s feed is reset", () -> !node.feed(group).resets().isEmpty());
        }
    }

    final void join(TckNode node, int connections, String group) {
        for (int i = 0; i < connections; i++) {
            node.register(node.name() + "-" + i);
            node.join(node.name() + "-" + i, group);
        }
    }

    final List<Position> sayMany(TckNode node, String group, int from, int to) {
        List<Position> positions = new ArrayList<>();
        for (int i = from; i < to; i++) {
            positions.add(node.say(group, "m" + i));
        }
        return positions;
    }

    /** I3: one position never names two different publications, whoever heard of it whenever. */
    static void assertNoPositionTwice(String group, List<TckNode> nodes) {
        Map<Position, Publication> heard = new HashMap<>();
        for (TckNode node : nodes) {
            for (Publication publication : node.events().publications(group)) {
                Publication other = heard.putIfAbsent(publication.position(), publication);
                if (other != null) {
                    assertThat(publication)
                            .as("publication at %s", publication.position())
                            .isEqualTo(other);
                }
            }
        }
    }
}
