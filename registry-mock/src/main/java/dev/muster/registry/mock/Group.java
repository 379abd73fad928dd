package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Draft;
import dev.muster.registry.Draft.EntryChange;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.SnapshotPage;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One group: its log, members, entries, message ids and the links that want its publications. Every method is one
 * atomic step; what it publishes goes onto the links within that step, so that each link carries the group's order.
 */
final class Group {

    private static final Link[] NOBODY = {};

    private final String name;
    private final TimeSource time;
    private final GroupLog log;
    private final Members members;
    private @Nullable Entries entries;
    private @Nullable Dedupe dedupe;
    private GroupPolicy policy = GroupPolicy.DEFAULT;
    private Link[] watchers = NOBODY;
    private long touchedAt;

    Group(String name, String epoch, TimeSource time) {
        this.name = name;
        this.time = time;
        log = new GroupLog(epoch);
        members = new Members();
        touchedAt = time.nanoTime();
    }

    /** A copy without watchers: links do not outlive a backend. */
    private Group(Group other) {
        name = other.name;
        time = other.time;
        log = new GroupLog(other.log);
        members = new Members(other.members);
        entries = other.entries == null ? null : new Entries(other.entries);
        dedupe = other.dedupe == null ? null : new Dedupe(other.dedupe);
        policy = other.policy;
        touchedAt = other.touchedAt;
    }

    synchronized Group copy() {
        return new Group(this);
    }

    String name() {
        return name;
    }

    // ---- watching ----

    synchronized Position watch(Link link) {
        unwatch(link);
        watchers = Arrays.copyOf(watchers, watchers.length + 1);
        watchers[watchers.length - 1] = link;
        return log.head();
    }

    synchronized void unwatch(Link link) {
        touchedAt = time.nanoTime();
        watchers = Arrays.stream(watchers).filter(each -> each != link).toArray(Link[]::new);
    }

    private void deliver(Publication publication) {
        if (watchers.length > 0) {
            tellWatchers(new Delivery.OfPublication(name, publication));
        }
    }

    private void tellWatchers(Delivery delivery) {
        for (Link link : watchers) {
            link.offer(delivery);
        }
    }

    /** Puts something on the way to every node that watches, but {@code except}. */
    synchronized void tellOthers(Link except, Delivery delivery) {
        for (Link link : watchers) {
            if (link != except) {
                link.offer(delivery);
            }
        }
    }

    // ---- membership ----

    /** Makes a member, with a JOINED if {@code loud} and the policy wants it. Must not be a member yet. */
    synchronized Member join(ConnectionRecord record, GroupPolicy policy, @Nullable Position since, boolean loud) {
        this.policy = policy;
        Member member = new Member(name, members.nextNumber(), since == null ? log.head() : since, record);
        members.add(member);
        touchedAt = time.nanoTime();
        if (loud) {
            announce(Kind.JOINED, record);
        }
        return member;
    }

    /** Ends a membership, with a LEFT if the kept policy wants it. */
    synchronized void leave(Member member) {
        members.remove(member);
        touchedAt = time.nanoTime();
        announce(Kind.LEFT, member.record());
    }

    private void announce(Kind kind, ConnectionRecord record) {
        if (policy.presence() == Presence.EVENTS) {
            append(Publication.ofMember(kind, record, log.next(), time.currentTimeMillis()));
        }
    }

    synchronized @Nullable Member member(String connectionId) {
        return members.get(connectionId);
    }

    synchronized int memberCount() {
        return members.size();
    }

    synchronized Page<ConnectionRecord> members(long after, int limit) {
        return members.page(after, limit);
    }

    synchronized Collection<Member> allMembers() {
        return List.copyOf(members.all());
    }

    synchronized void keep(GroupPolicy policy) {
        this.policy = policy;
    }

    // ---- publishing ----

    synchronized Published publish(Draft draft, GroupPolicy policy, RegistryTimings timings) {
        if (draft.fast()) {
            deliver(Publication.of(draft, null, time.currentTimeMillis()));
            return new Published(null, false);
        }
        long now = time.nanoTime();
        String messageId = draft.messageId();
        long fingerprint = messageId == null ? 0 : Dedupe.fingerprint(draft);
        Dedupe.Seen seen = messageId == null || dedupe == null ? null : dedupe.find(messageId, timings.dedupe(), now);
        if (seen != null) {
            if (seen.fingerprint() != fingerprint) {
                throw new RegistryException(Reason.CONFLICT, "the message id was used before with other bytes");
            }
            return new Published(seen.position(), true);
        }
        Position position = log.next();
        applyChange(draft, position);
        this.policy = policy;
        touchedAt = now;
        if (messageId != null) {
            if (dedupe == null) {
                dedupe = new Dedupe(now);
            }
            dedupe.add(messageId, new Dedupe.Seen(position, fingerprint, now), timings.dedupe());
        }
        append(Publication.of(draft, position, time.currentTimeMillis()));
        return new Published(position, false);
    }

    private void applyChange(Draft draft, Position position) {
        EntryChange change = draft.change();
        if (change == null) {
            return;
        }
        Entries changed = entries == null ? new Entries() : entries;
        changed.check(change);
        changed.apply(change, draft.payload(), position);
        entries = changed;
    }

    private void append(Publication publication) {
        long now = time.nanoTime();
        log.append(publication, now);
        log.trim(policy, entries != null, now);
        deliver(publication);
    }

    // ---- reading ----

    synchronized Position head() {
        return log.head();
    }

    synchronized Slice read(Position after, int limit) {
        log.trim(policy, entries != null, time.nanoTime());
        return log.read(after, limit);
    }

    synchronized SnapshotPage snapshot(Entries.@Nullable Cursor cursor) {
        Entries shown = entries == null ? new Entries() : entries;
        if (cursor == null) {
            touchedAt = time.nanoTime();
            return shown.page(log.head(), null);
        }
        if (log.continues(cursor.base()) != Completeness.COMPLETE) {
            throw new RegistryException(Reason.REJECTED, "the group's log was replaced meanwhile, start again");
        }
        return shown.page(cursor.base(), cursor.lastKey());
    }

    // ---- the group's own life ----

    synchronized void beginEpoch(String epoch) {
        log.beginEpoch(epoch);
    }

    /** Whether nobody is here, nothing is kept by key, and no node watches: only time keeps the group (R08). */
    synchronized boolean deserted() {
        return members.size() == 0 && (entries == null || entries.isEmpty()) && watchers.length == 0;
    }

    /** Whether a deserted group has no traces worth keeping (R08). */
    synchronized boolean expired(RegistryTimings timings) {
        long now = time.nanoTime();
        return now - touchedAt >= timings.idleGroup().toNanos()
                && log.expired(policy, timings.idleGroup(), now)
                && (dedupe == null || dedupe.expired(timings.dedupe(), now));
    }
}
