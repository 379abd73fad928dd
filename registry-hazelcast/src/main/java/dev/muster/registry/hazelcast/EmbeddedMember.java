package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.query.Predicate;
import com.hazelcast.query.Predicates;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** A running Hazelcast member and what it keeps for us. Replaced as a whole when it was cut off from its cluster. */
final class EmbeddedMember {

    static final String ROSTER_KEY = "nodes";

    private final HazelcastInstance instance;
    private final OwnerSide side;
    private final IMap<String, GroupEntry> groups;
    private final IMap<String, RecordEntry> records;
    private final IMap<String, UserEntry> users;
    private final IMap<String, Roster> roster;
    private final IExecutorService notes;
    private final int[] keys;

    private EmbeddedMember(HazelcastInstance instance, OwnerSide side) {
        this.instance = instance;
        this.side = side;
        groups = instance.getMap(MemberConfig.GROUPS);
        records = instance.getMap(MemberConfig.RECORDS);
        users = instance.getMap(MemberConfig.USERS);
        roster = instance.getMap(MemberConfig.ROSTER);
        notes = instance.getExecutorService(MemberConfig.NOTES);
        instance.getExecutorService(MemberConfig.FRAMES);
        keys = keysOf(instance.getPartitionService());
    }

    /**
     * Starts a member and joins the cluster if there is one. Blocks for a second or more.
     *
     * @throws RegistryException with REJECTED if it cannot be started as it is configured
     */
    static EmbeddedMember start(RegistryContext context, HazelcastOptions options, OwnerSide side) {
        try {
            HazelcastInstance instance = Hazelcast.newHazelcastInstance(MemberConfig.of(context, options, side));
            side.attach(instance);
            return new EmbeddedMember(instance, side);
        } catch (RuntimeException failure) {
            throw new RegistryException(
                    Reason.REJECTED, "the Hazelcast member cannot be started: " + failure.getMessage(), failure);
        }
    }

    OwnerSide side() {
        return side;
    }

    HazelcastInstance instance() {
        return instance;
    }

    IMap<String, GroupEntry> groups() {
        return groups;
    }

    IMap<String, RecordEntry> records() {
        return records;
    }

    IMap<String, UserEntry> users() {
        return users;
    }

    CompletionStage<Roster> roster(RosterCall call) {
        return roster.submitToKey(ROSTER_KEY, call);
    }

    // ---- cluster ----

    Cluster cluster() {
        return instance.getCluster();
    }

    UUID id() {
        return side.memberId();
    }

    int size() {
        return cluster().getMembers().size();
    }

    List<Member> others() {
        List<Member> others = new ArrayList<>();
        for (Member member : cluster().getMembers()) {
            if (!member.localMember()) {
                others.add(member);
            }
        }
        return others;
    }

    /** Whether this member owns partitions and every partition has its backup. Blocks shortly. */
    boolean isBalanced() {
        PartitionService service = instance.getPartitionService();
        if (!service.isClusterSafe()) {
            return false;
        }
        for (Partition partition : service.getPartitions()) {
            Member owner = partition.getOwner();
            if (owner != null && owner.localMember()) {
                return true;
            }
        }
        return false;
    }

    boolean running() {
        return instance.getLifecycleService().isRunning();
    }

    /** Asks another member. */
    CompletableFuture<Object> ask(Member member, Note note) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        try {
            notes.submitToMember(note, member, new ExecutionCallback<Object>() {
                @Override
                public void onResponse(Object response) {
                    answer.complete(response);
                }

                @Override
                public void onFailure(Throwable failure) {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (IllegalStateException | RejectedExecutionException closing) {
            answer.completeExceptionally(closing);
        }
        return answer;
    }

    /** Tells all other members; the future completes when each has answered or failed to. */
    CompletableFuture<Void> tellOthers(Note note) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Member member : others()) {
            answers.add(ask(member, note).handle((answer, failure) -> answer));
        }
        return Futures.all(answers);
    }

    /** Tells all other members, without waiting for them. */
    void announce(Note note) {
        CompletableFuture<Void> unused = tellOthers(note);
    }

    // ---- all entries ----

    int partitions() {
        return keys.length;
    }

    /** A key that falls into this partition, for {@link #onPartitionsOf}. */
    int keyOf(int partition) {
        return keys[partition];
    }

    private static int[] keysOf(PartitionService service) {
        int[] keys = new int[service.getPartitions().size()];
        boolean[] found = new boolean[keys.length];
        int missing = keys.length;
        for (int key = 0; missing > 0; key++) {
            int partition = service.getPartition(key).getPartitionId();
            if (!found[partition]) {
                found[partition] = true;
                keys[partition] = key;
                missing--;
            }
        }
        return keys;
    }

    /** Runs on every entry of the partitions that these keys fall into; blocks. */
    <V, R> Map<String, R> onPartitionsOf(
            Collection<Integer> keys, IMap<String, V> map, EntryProcessor<String, V, R> processor) {
        Predicate<String, V> there =
                Predicates.multiPartitionPredicate(Set.copyOf(keys), Predicates.<String, V>alwaysTrue());
        return map.executeOnEntries(processor, there);
    }

    // ---- end ----

    /** Moves what it keeps to the others, then ends. Blocks. */
    void shutdown() {
        instance.shutdown();
    }

    /** Ends at once. Blocks shortly. */
    void terminate() {
        instance.getLifecycleService().terminate();
    }
}
