package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryTimings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The truth of a cluster: what would lie in a server's memory. Belongs to one generation; a restart makes another
 * (R16). Guarded by the {@link Backend}'s lock: what changes connections, memberships or watches needs it exclusively,
 * what concerns one group's log shares it and relies on the group's own monitor.
 */
final class ClusterState {

    /** Groups in one page of a listing. */
    private static final int GROUPS_PAGE = 500;

    final Leases leases;
    /** Different for every start of the backend, so that nobody takes one for another. */
    final String generation = fresh();

    private final TimeSource time;
    private final ConcurrentHashMap<String, Group> groups = new ConcurrentHashMap<>();
    /** The index of non-empty groups. */
    private final ConcurrentNavigableMap<String, Group> populated = new ConcurrentSkipListMap<>();
    /** Groups that may be about to disappear. */
    private final Set<String> deserted = ConcurrentHashMap.newKeySet();

    private final Directory directory = new Directory();
    private final Map<String, Map<String, Member>> memberships = new HashMap<>();
    private final Map<NodeId, Holdings> holdings = new HashMap<>();

    ClusterState(TimeSource time) {
        this.time = time;
        leases = new Leases(time.nanoTime());
    }

    /** What survived of {@code other}: everything but the watches, which are links to nodes. */
    ClusterState(ClusterState other) {
        time = other.time;
        leases = new Leases(other.leases);
        other.groups.forEach((name, group) -> groups.put(name, group.copy()));
        other.directory.all().forEach(this::register);
        groups.values().forEach(group -> group.allMembers().forEach(this::index));
        deserted.addAll(groups.keySet());
    }

    private static String fresh() {
        return Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
    }

    /** Every log goes on in a new epoch (R16). */
    void beginEpochs() {
        groups.values().forEach(group -> group.beginEpoch(fresh()));
    }

    // ---- groups ----

    @Nullable
    Group find(String group) {
        return groups.get(group);
    }

    Group obtain(String group) {
        Group present = groups.get(group);
        if (present != null) {
            return present;
        }
        return groups.computeIfAbsent(group, name -> {
            // Somebody asked for a position of it: should nothing come of that, it goes again.
            deserted.add(name);
            return new Group(name, fresh(), time);
        });
    }

    /** To be called after a change that may have left a group without anybody. */
    void touched(Group group) {
        if (group.deserted()) {
            deserted.add(group.name());
        }
    }

    /** Drops the deserted groups whose traces have expired (R08). */
    void expire(RegistryTimings timings) {
        Iterator<String> names = deserted.iterator();
        while (names.hasNext()) {
            String name = names.next();
            Group group = groups.get(name);
            if (group == null || !group.deserted()) {
                names.remove();
            } else if (group.expired(timings)) {
                groups.remove(name);
                names.remove();
            }
        }
    }

    Page<GroupCount> groups(@Nullable String cursor) {
        List<GroupCount> page = new ArrayList<>();
        for (Group group : (cursor == null ? populated : populated.tailMap(cursor, false)).values()) {
            if (page.size() == GROUPS_PAGE) {
                return new Page<>(page, page.get(page.size() - 1).group());
            }
            page.add(new GroupCount(group.name(), group.memberCount()));
        }
        return new Page<>(page, null);
    }

    /** How many indexes and tables name the group. */
    int traces(String group) {
        int traces = groups.containsKey(group) ? 1 : 0;
        traces += populated.containsKey(group) ? 1 : 0;
        traces += deserted.contains(group) ? 1 : 0;
        for (Map<String, Member> each : memberships.values()) {
            traces += each.containsKey(group) ? 1 : 0;
        }
        for (Holdings each : holdings.values()) {
            traces += each.watches.containsKey(group) ? 1 : 0;
        }
        return traces;
    }

    // ---- connections ----

    void register(ConnectionRecord record) {
        ConnectionRecord before = directory.put(record);
        if (before != null && !before.node().equals(record.node())) {
            release(before.node()).connections.remove(record.connectionId());
        }
        holdingsOf(record.node()).connections.add(record.connectionId());
    }

    /** Ends what {@code owner} holds of a connection; says whether the record was among it (R06). */
    boolean unregister(NodeId owner, String connectionId) {
        for (Member member : new ArrayList<>(membershipsOf(connectionId).values())) {
            if (member.owner().equals(owner)) {
                remove(member);
            }
        }
        ConnectionRecord record = directory.get(connectionId);
        if (record == null || !record.node().equals(owner)) {
            return false;
        }
        directory.remove(connectionId);
        release(owner).connections.remove(connectionId);
        return true;
    }

    @Nullable
    ConnectionRecord locate(String connectionId) {
        return directory.get(connectionId);
    }

    List<ConnectionRecord> connectionsOf(String user) {
        return directory.ofUser(user);
    }

    long connectionCount() {
        return directory.size();
    }

    // ---- memberships ----

    private Map<String, Member> membershipsOf(String connectionId) {
        return memberships.getOrDefault(connectionId, Map.of());
    }

    Set<String> groupsOf(String connectionId) {
        return Set.copyOf(membershipsOf(connectionId).keySet());
    }

    @Nullable
    Member membership(String connectionId, String group) {
        return membershipsOf(connectionId).get(group);
    }

    /** Joins, or returns what the first join returned (R12). Fails unless {@code owner} holds the connection (R05). */
    Position join(NodeId owner, String connectionId, String group, GroupPolicy policy) {
        ConnectionRecord record = directory.get(connectionId);
        if (record == null || !record.node().equals(owner)) {
            throw new RegistryException(
                    Reason.UNKNOWN_CONNECTION, "connection " + connectionId + " is not registered by this node");
        }
        Group joined = obtain(group);
        Member member = joined.member(connectionId);
        if (member == null) {
            member = joined.join(record, policy, null, true);
            index(member);
        } else {
            joined.keep(policy);
            move(member, owner);
        }
        return member.joinedAt;
    }

    /** Puts a membership back that a node still holds; without a word unless {@code loud} (R22). */
    Member rejoin(ConnectionRecord record, String group, GroupPolicy policy, @Nullable Position since, boolean loud) {
        Member member = obtain(group).join(record, policy, since, loud);
        index(member);
        return member;
    }

    boolean leave(NodeId owner, String connectionId, String group) {
        Member member = membership(connectionId, group);
        if (member == null || !member.owner().equals(owner)) {
            return false;
        }
        remove(member);
        return true;
    }

    /** Hands a membership over to another incarnation: the old one's end no longer ends it. */
    void move(Member member, NodeId to) {
        if (!member.owner().equals(to)) {
            release(member.owner()).members.remove(member);
            member.moveTo(to);
            holdingsOf(to).members.add(member);
        }
    }

    private void index(Member member) {
        memberships
                .computeIfAbsent(member.connectionId(), connection -> new LinkedHashMap<>())
                .put(member.group, member);
        holdingsOf(member.owner()).members.add(member);
        populated.put(member.group, obtain(member.group));
    }

    private void remove(Member member) {
        Group group = obtain(member.group);
        group.leave(member);
        if (group.memberCount() == 0) {
            populated.remove(member.group);
            touched(group);
        }
        memberships.computeIfPresent(member.connectionId(), (connection, groups) -> {
            groups.remove(member.group);
            return groups.isEmpty() ? null : groups;
        });
        release(member.owner()).members.remove(member);
    }

    // ---- interest ----

    Position watch(NodeId owner, Link link, String group) {
        holdingsOf(owner).watches.put(group, link);
        return obtain(group).watch(link);
    }

    void unwatch(NodeId owner, String group) {
        Link link = release(owner).watches.remove(group);
        Group watched = groups.get(group);
        if (link != null && watched != null) {
            watched.unwatch(link);
            touched(watched);
        }
    }

    void unwatchAll(NodeId owner) {
        List.copyOf(release(owner).watches.keySet()).forEach(group -> unwatch(owner, group));
    }

    // ---- a node's end ----

    private Holdings holdingsOf(NodeId owner) {
        return holdings.computeIfAbsent(owner, node -> new Holdings());
    }

    /** What a node holds, to take something away from. */
    private Holdings release(NodeId owner) {
        Holdings held = holdings.get(owner);
        return held == null ? new Holdings() : held;
    }

    /** The connections a node holds in the backend. */
    List<String> connectionsHeldBy(NodeId owner) {
        return List.copyOf(release(owner).connections);
    }

    /** The memberships a node holds in the backend. */
    List<Member> membersHeldBy(NodeId owner) {
        return List.copyOf(release(owner).members);
    }

    /**
     * Removes at most {@code limit} of a dying node's memberships, each with its LEFT, and at last its records and
     * watches. Removing is the right to say LEFT: whoever comes second finds nothing (R20).
     *
     * @return whether nothing is left of it
     */
    boolean bury(NodeId dead, int limit) {
        Holdings held = release(dead);
        for (Member member : held.members.stream().limit(limit).toList()) {
            remove(member);
        }
        if (!held.members.isEmpty()) {
            return false;
        }
        List.copyOf(held.connections).forEach(connection -> unregister(dead, connection));
        unwatchAll(dead);
        holdings.remove(dead);
        leases.buried(dead);
        return true;
    }

    /** Heads of those groups that exist. */
    Map<String, Position> heads(Iterable<String> names) {
        Map<String, Position> heads = new TreeMap<>();
        for (String name : names) {
            Group group = groups.get(name);
            if (group != null) {
                heads.put(name, group.head());
            }
        }
        return heads;
    }
}
