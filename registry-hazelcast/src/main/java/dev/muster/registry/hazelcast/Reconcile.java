package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.hazelcast.OpAnswer.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the group agree with what the caller holds of it: after an outage, a new incarnation, or a call whose
 * outcome is unknown. What the cluster lost comes back in silence (R22); whom the others saw leave joins again.
 *
 * @param before earlier incarnations of the same node, whose memberships it takes over
 * @param watched whether the caller wants the publications
 * @param joins all of the caller's memberships
 * @param known epochs of the group that the caller has seen
 */
record Reconcile(Set<Long> before, boolean watched, List<GroupOp.Join> joins, List<String> known) implements GroupOp {
    static final byte KIND = 6;

    @Override
    public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
        if (group.fresh() && (watched || !joins.isEmpty())) {
            group.restored(stamp.now());
        }
        boolean lost =
                group.restoredLately(stamp.now()) && !group.log().epochs().knowsAnyOf(known);
        reconcileWatch(group, caller, stamp);
        Set<String> held = new HashSet<>();
        joins.forEach(join -> held.add(join.connectionId()));
        group.members()
                .select(member -> isOurs(member, caller) && !held.contains(member.connectionId), Integer.MAX_VALUE)
                .forEach(member -> group.remove(member, stamp));
        boolean silently = false;
        for (GroupOp.Join join : joins) {
            Members.Member member = group.members().get(join.connectionId());
            if (member != null && !isOurs(member, caller)) {
                // The client went on with another node while this one was away, and its newer membership stands.
                continue;
            }
            if (member != null || !lost) {
                join.apply(group, caller, stamp);
            } else {
                group.touch(stamp);
                group.keep(join.policy());
                group.members().add(join.connectionId(), group.head(), join.record(), caller.incarnation());
                silently = true;
            }
        }
        return new OpAnswer(silently ? Status.SILENTLY_RESTORED : Status.DONE, group.head());
    }

    private boolean isOurs(Members.Member member, NodeRef caller) {
        return member.owner == caller.incarnation() || before.contains(member.owner);
    }

    private void reconcileWatch(GroupEntry group, NodeRef caller, Stamp stamp) {
        for (NodeRef watcher : group.watchers()) {
            boolean stale = before.contains(watcher.incarnation()) || watcher.incarnation() == caller.incarnation();
            if (stale && !(watched && watcher.equals(caller))) {
                group.touch(stamp);
                group.unwatch(watcher.incarnation());
            }
        }
        if (watched) {
            new GroupOp.Watch().apply(group, caller, stamp);
        }
    }

    @Override
    public int weight() {
        return 256 + joins.stream().mapToInt(GroupOp.Join::weight).sum();
    }

    @Override
    public void write(ObjectDataOutput out) throws IOException {
        out.writeByte(KIND);
        out.writeLongArray(before.stream().mapToLong(Long::longValue).toArray());
        out.writeBoolean(watched);
        out.writeInt(joins.size());
        for (GroupOp.Join join : joins) {
            join.write(out);
        }
        out.writeInt(known.size());
        for (String epoch : known) {
            out.writeString(epoch);
        }
    }

    static Reconcile read(ObjectDataInput in) throws IOException {
        Set<Long> before = new HashSet<>();
        long[] incarnations = in.readLongArray();
        if (incarnations != null) {
            for (long incarnation : incarnations) {
                before.add(incarnation);
            }
        }
        boolean watched = in.readBoolean();
        List<GroupOp.Join> joins = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            joins.add((GroupOp.Join) GroupOp.read(in));
        }
        List<String> known = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            known.add(Wire.string(in));
        }
        return new Reconcile(before, watched, joins, known);
    }
}
