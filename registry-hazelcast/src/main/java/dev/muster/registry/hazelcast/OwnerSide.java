package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import dev.muster.registry.RegistryTimings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a member contributes to changes of the groups it owns, whoever asks for them: clock, view of the cluster, epochs,
 * and the links over which publications go out. Found by entry processors in the instance's user context. Works on
 * partition threads: nothing here blocks.
 */
final class OwnerSide {

    private static final String KEY = "muster";

    /** A loss of a member and a change of a group this close, in ms, may have been in either order: clocks differ. */
    private static final long CLOCK_TOLERANCE = 1_000;

    /** The members as last seen. The set is compared by identity: Hazelcast makes a new one for each change. */
    private record View(Set<Member> members, Map<UUID, Member> byId) {}

    private final RegistryTimings timings;
    private final Inbox inbox;
    private final Links links = new Links(this);
    private final Set<Long> dead = ConcurrentHashMap.newKeySet();

    private volatile @Nullable HazelcastInstance instance;
    private volatile View view = new View(Set.of(), Map.of());
    private volatile UUID memberId = new UUID(0, 0);
    private volatile long lossAt;
    private volatile @Nullable Answering answering;

    /** What the node answers to the notes of others. */
    interface Answering {

        /** The roster of nodes has changed. */
        void rosterChanged();

        /** The groups a connection of this node is in. */
        Set<String> groupsOf(String connectionId);
    }

    OwnerSide(RegistryTimings timings, Inbox inbox) {
        this.timings = timings;
        this.inbox = inbox;
    }

    /** Puts this where {@link #of} finds it. */
    void registerIn(Map<String, Object> userContext) {
        userContext.put(KEY, this);
    }

    static @Nullable OwnerSide of(HazelcastInstance instance) {
        OwnerSide side = (OwnerSide) instance.getUserContext().get(KEY);
        if (side != null && side.instance == null) {
            side.attach(instance);
        }
        return side;
    }

    /** Work may arrive before the call that starts the instance has returned, so whoever comes first attaches. */
    synchronized void attach(HazelcastInstance started) {
        if (instance == null) {
            Cluster cluster = started.getCluster();
            memberId = cluster.getLocalMember().getUuid();
            // Members may have been lost before this one came: what it takes over from then begins a new epoch.
            lossAt = cluster.getClusterTime();
            instance = started;
        }
    }

    private HazelcastInstance instance() {
        HazelcastInstance present = instance;
        if (present == null) {
            throw new IllegalStateException("the member is not attached yet");
        }
        return present;
    }

    void answerWith(Answering answering) {
        this.answering = answering;
    }

    @Nullable
    Answering answering() {
        return answering;
    }

    Inbox inbox() {
        return inbox;
    }

    Links links() {
        return links;
    }

    IExecutorService frames() {
        return instance().getExecutorService(MemberConfig.FRAMES);
    }

    // ---- clock and view ----

    /** The clock that the cluster agrees on, in ms since 1970. */
    long now() {
        return instance().getCluster().getClusterTime();
    }

    UUID memberId() {
        return memberId;
    }

    @Nullable
    Member member(UUID id) {
        return view().byId.get(id);
    }

    private View view() {
        Set<Member> members = instance().getCluster().getMembers();
        View present = view;
        return present.members == members ? present : look(members);
    }

    private synchronized View look(Set<Member> members) {
        Map<UUID, Member> byId = new HashMap<>();
        members.forEach(member -> byId.put(member.getUuid(), member));
        if (!byId.keySet().containsAll(view.byId.keySet())) {
            lossAt = now() + CLOCK_TOLERANCE;
        }
        // After a merge this member has another identity.
        memberId = instance().getCluster().getLocalMember().getUuid();
        View seen = new View(members, byId);
        view = seen;
        return seen;
    }

    /** From now on nothing of this incarnation is accepted here. */
    void condemn(long incarnation) {
        dead.add(incarnation);
    }

    /** Whether the caller is a live node: in the cluster by this member's own view, and not condemned. */
    boolean admits(NodeRef caller) {
        return !dead.contains(caller.incarnation()) && member(caller.member()) != null;
    }

    // ---- changes of groups ----

    /** What a change of {@code group} needs that the backup cannot draw for itself. */
    Stamp stamp(@Nullable GroupEntry group) {
        View seen = view();
        boolean begin = group != null
                && !group.owner().equals(memberId)
                && (!seen.byId.containsKey(group.owner()) || lossAt >= group.touchedAt());
        String epoch = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        return new Stamp(
                now(),
                memberId,
                epoch,
                begin,
                timings.idleGroup().toMillis(),
                timings.dedupe().toMillis());
    }

    boolean isUntidy(GroupEntry group) {
        return group.untidy(timings.idleGroup().toMillis(), timings.dedupe().toMillis(), now());
    }

    /** Puts what a change appended on its way to all nodes that watch. */
    void fanOut(String name, GroupEntry group, List<Logged> appended) {
        if (!appended.isEmpty() && group.watchers().length > 0) {
            fanOut(group, Parcel.publications(name, group.log().epochs().current(), appended));
        }
    }

    void fanOut(GroupEntry group, byte[] parcel) {
        for (NodeRef watcher : group.watchers()) {
            links.offer(watcher, parcel);
        }
    }
}
