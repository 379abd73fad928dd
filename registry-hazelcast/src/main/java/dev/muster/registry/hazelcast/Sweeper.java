package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.hazelcast.OpAnswer.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what is left of dead nodes and of groups past their time. Every method blocks; for one worker. */
final class Sweeper {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /** How long one step may take; Hazelcast's own limit is 5 s. */
    private static final long STEP_SECONDS = 10;

    /** Changes of groups asked for at once. */
    private static final int CHUNK = 256;

    /**
     * Members removed at first from each group. The first change after a crash begins a new epoch, so feeds read it
     * from the log, which keeps 128 changes of membership; they have time to before the rest follows.
     */
    private static final int FIRST = GroupPolicy.MEMBERSHIP_CHANGES / 2;

    private static final long AFTER_FIRST_NANOS = 150_000_000;

    /** Members removed from a group at once later on; the partition serves others in between. */
    private static final int REST = 500;

    private final EmbeddedMember member;
    private final GroupPipes pipes;

    Sweeper(EmbeddedMember member, GroupPipes pipes) {
        this.member = member;
        this.pipes = pipes;
    }

    /**
     * Removes all that a dead incarnation left behind, each membership with one LEFT, however many nodes do it at once:
     * the removal's success is the right to announce it (R20). Repeats what an interrupted sweep began.
     */
    void sweep(NodeId dead) throws InterruptedException {
        long incarnation = dead.incarnation();
        try {
            // First nobody accepts anything from it any more, then what is there is all there will be.
            member.side().condemn(incarnation);
            member.tellOthers(Note.condemned(incarnation)).get(STEP_SECONDS, TimeUnit.SECONDS);
            Set<String> groups = member.groups()
                    .executeOnEntries(GroupQuery.holds(incarnation))
                    .keySet();
            int rounds = sweepGroups(groups, incarnation);
            removeAll(member.records(), incarnation);
            member.users().executeOnEntries(UserCall.removeAllOf(incarnation));
            member.roster(RosterCall.swept(dead)).toCompletableFuture().get(STEP_SECONDS, TimeUnit.SECONDS);
            LOG.info("Node {} is swept: it was in {} groups ({} rounds)", dead, groups.size(), rounds);
        } catch (ExecutionException | TimeoutException | RuntimeException failure) {
            LOG.debug("The sweep of node {} was interrupted, it goes on with the next round", dead, failure);
        }
    }

    private static void removeAll(IMap<String, RecordEntry> records, long incarnation) {
        records.executeOnEntries(RecordCall.removeIfHeldBy(incarnation));
    }

    private int sweepGroups(Collection<String> groups, long incarnation)
            throws InterruptedException, ExecutionException, TimeoutException {
        int rounds = 1;
        List<String> left = sweepOnce(groups, incarnation, FIRST);
        if (!left.isEmpty()) {
            LockSupport.parkNanos(AFTER_FIRST_NANOS);
        }
        for (; !left.isEmpty(); rounds++) {
            left = sweepOnce(left, incarnation, REST);
        }
        return rounds;
    }

    /** Those groups that are not done with it. */
    private List<String> sweepOnce(Collection<String> groups, long incarnation, int limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> unfinished = new ArrayList<>();
        List<String> left = new ArrayList<>(groups);
        while (!left.isEmpty()) {
            List<String> chunk = left.subList(0, Math.min(CHUNK, left.size()));
            List<CompletableFuture<OpAnswer>> answers = new ArrayList<>();
            chunk.forEach(group -> answers.add(pipes.submit(group, new GroupOp.Sweep(incarnation, limit))));
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i).get(STEP_SECONDS, TimeUnit.SECONDS).status() == Status.UNFINISHED) {
                    unfinished.add(chunk.get(i));
                }
            }
            chunk.clear();
        }
        return unfinished;
    }

    /** Tidies the groups that this member owns (R08). */
    void tidy() throws InterruptedException {
        Set<Integer> ours = new HashSet<>();
        for (Partition partition : member.instance().getPartitionService().getPartitions()) {
            Member owner = partition.getOwner();
            if (owner != null && owner.localMember()) {
                ours.add(member.keyOf(partition.getPartitionId()));
            }
        }
        if (ours.isEmpty()) {
            return;
        }
        try {
            Set<String> untidy = member.onPartitionsOf(ours, member.groups(), GroupQuery.of(GroupQuery.Kind.UNTIDY))
                    .keySet();
            for (String group : untidy) {
                pipes.submit(group, new GroupOp.Tidy()).get(STEP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException | RuntimeException failure) {
            LOG.debug("Could not tidy all groups, trying again later", failure);
        }
    }
}
