package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import dev.muster.registry.mock.LocalHoldings.Joined;
import dev.muster.registry.mock.LocalHoldings.Local;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Makes the backend agree with what one node holds, after it lost sight of the backend or of its lease (R21, R22). One
 * step under the exclusive lock.
 */
final class Restoration {

    private final ClusterState state;
    private final LocalHoldings local;
    private final NodeId self;
    private final Set<String> restoredInSilence = new LinkedHashSet<>();

    /** For the node {@code self}, which is in the backend under this identity already. */
    Restoration(ClusterState state, LocalHoldings local, NodeId self) {
        this.state = state;
        this.local = local;
        this.self = self;
    }

    /**
     * Restores everything.
     *
     * @param before the identity under which the node was known; equal to its present one unless it was fenced
     * @param loud whether memberships that are missing ended with a LEFT, so that they begin again with a JOINED;
     *     otherwise they were lost with the data, and nobody was told of an end
     * @return the groups in which memberships were put back without a word
     */
    Set<String> run(NodeId before, Link link, boolean loud) {
        Map<String, Local> kept = new LinkedHashMap<>(local.connections);
        kept.forEach((connectionId, connection) -> {
            ConnectionRecord present = state.locate(connectionId);
            if (present != null && !present.node().name().equals(self.name())) {
                // Another node registered it meanwhile: the newer record stands (R06).
                local.unregister(connectionId);
            } else {
                connection.record = connection.record.heldBy(self);
                state.register(connection.record);
                rejoin(connection, loud);
            }
        });
        removeExcess();
        state.unwatchAll(before);
        local.watches.forEach(group -> state.watch(self, link, group));
        return restoredInSilence;
    }

    private void rejoin(Local connection, boolean loud) {
        String connectionId = connection.record.connectionId();
        connection.groups.replaceAll((group, joined) -> {
            ConnectionRecord record = joined.record().heldBy(self);
            Member member = state.membership(connectionId, group);
            if (member != null) {
                state.move(member, self);
            } else if (loud) {
                member = state.rejoin(record, group, joined.policy(), null, true);
            } else {
                member = state.rejoin(record, group, joined.policy(), joined.since(), false);
                restoredInSilence.add(group);
            }
            return new Joined(record, joined.policy(), member.joinedAt);
        });
    }

    /** What ended here while the backend was out of reach, or came back with an older state, ends there now. */
    private void removeExcess() {
        for (Member member : state.membersHeldBy(self)) {
            if (local.joined(member.connectionId(), member.group) == null) {
                state.leave(self, member.connectionId(), member.group);
            }
        }
        for (String connectionId : state.connectionsHeldBy(self)) {
            if (!local.holds(connectionId)) {
                state.unregister(self, connectionId);
            }
        }
    }
}
