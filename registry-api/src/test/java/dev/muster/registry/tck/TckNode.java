package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Slice;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node of a test: a registry, what it told its listener, and the feeds of the groups it watches. The verbs wait for
 * their result and throw {@link OperationFailed}; {@link #registry()} is for whoever does not wait.
 */
public final class TckNode {

    /** More than any operation may take (R02), so that a test ends even if the rule is broken. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /**
     * The default, but with a history that no burst of a test overtakes: a link may bring publications of several nodes
     * in another order than the log's, and what a feed reads then has to be there still.
     */
    static final GroupPolicy ROOMY = new GroupPolicy(2_000, Duration.ofSeconds(60), 64 << 20, Presence.EVENTS);

    private enum State {
        NEW,
        RUNNING,
        FROZEN,
        ENDED
    }

    private final String name;
    private final NodeHost host;
    private final Vertx vertx;
    private final TckTime time;
    private final Recorder events = new Recorder(this::heard);
    private final Map<String, FeedLog> logs = new ConcurrentHashMap<>();
    private final GroupFeed feed;
    private volatile State state = State.NEW;

    TckNode(String name, NodeHost host, Vertx vertx, TckTime time) {
        this.name = name;
        this.host = host;
        this.vertx = vertx;
        this.time = time;
        this.feed = new GroupFeed(host.registry(), new Feeds());
    }

    // ---- what it is ----

    /** The name it was started with. */
    public String name() {
        return name;
    }

    /** The present identity. */
    public NodeId self() {
        return registry().self();
    }

    /** Its registry. */
    public ConnectionRegistry registry() {
        return host.registry();
    }

    /** Where it runs. */
    public NodeHost host() {
        return host;
    }

    /** The Vert.x its registry was made with, if it runs in this process. */
    public Vertx vertx() {
        return vertx;
    }

    /** What its registry told it. */
    public Recorder events() {
        return events;
    }

    /** What its feed of a group brought. */
    public FeedLog feed(String group) {
        return logs.computeIfAbsent(group, any -> new FeedLog());
    }

    private final class Feeds implements GroupFeed.Listener {

        @Override
        public void onPublication(String group, Publication publication) {
            feed(group).add(publication);
        }

        @Override
        public void onReset(String group, Position at, Slice.Completeness why) {
            feed(group).addReset(at, why);
        }

        @Override
        public void onMembersReset(String group) {
            feed(group).addMembersReset();
        }
    }

    private void heard(Event event) {
        if (event instanceof Event.Delivered delivered) {
            feed.onPublication(delivered.group(), delivered.publication());
        } else if (event instanceof Event.LinkReplaced || event instanceof Event.Recovered) {
            feed.checkAll();
        }
    }

    /** Lets the feeds do what is due. */
    void tick(long nanoTime) {
        if (state == State.RUNNING) {
            feed.tick(nanoTime);
        }
    }

    // ---- life ----

    /** Starts its registry and waits. */
    public TckNode start() {
        state = State.RUNNING;
        Future<Void> started = registry().start(events);
        // To start may mean to start a server in this process, on a machine that has other things to do.
        time.complete(started, PATIENCE.multipliedBy(3));
        if (started.failed() && started.cause() instanceof RegistryException later && later.retryable()) {
            // A backend that is slow to answer has not refused: the registry goes on trying, and says when it is in.
            awaitLateStart();
        } else {
            done(started);
        }
        return this;
    }

    private void awaitLateStart() {
        time.await("the late start", PATIENCE.multipliedBy(3), () -> events.count(Event.Recovered.class) == 1);
        events.forgetOutage();
    }

    /** Starts its registry; for a start that may fail. */
    public Future<Void> starting() {
        state = State.RUNNING;
        return registry().start(events);
    }

    /** Closes its registry in order. */
    public void stop() {
        state = State.ENDED;
        done(registry().close());
    }

    /** Ends it without a word. */
    public void kill() {
        state = State.ENDED;
        host.kill();
    }

    /** Makes it stand still. */
    public void freeze() {
        state = State.FROZEN;
        host.freeze();
    }

    /** Ends {@link #freeze()}. */
    public void thaw() {
        host.thaw();
        state = State.RUNNING;
    }

    /** Frees everything, closing the registry first if it can answer. */
    void dispose() {
        try {
            if (state == State.RUNNING) {
                done(registry().close());
            }
        } finally {
            state = State.ENDED;
            host.close();
        }
    }

    /** An operation failed; the stack shows which call of the test it was, the cause why. */
    public static final class OperationFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        OperationFailed(Throwable cause) {
            super("an operation failed: " + cause, cause);
        }
    }

    /** The result; throws {@link OperationFailed} if there is none. */
    <T> T done(Future<T> future) {
        if (!future.isComplete()) {
            time.complete(future, PATIENCE);
        }
        if (future.failed()) {
            throw new OperationFailed(future.cause());
        }
        return future.result();
    }

    // ---- verbs ----

    /** Registers connections with a record of {@link #record}. */
    public void register(String... connectionIds) {
        List<Future<Void>> registered = new ArrayList<>();
        for (String connectionId : connectionIds) {
            registered.add(registry().register(record(connectionId)));
        }
        registered.forEach(this::done);
    }

    /** A record with all fields set. */
    public ConnectionRecord record(String connectionId) {
        return new ConnectionRecord(
                connectionId,
                self(),
                "websocket",
                "user of " + connectionId,
                "client of " + connectionId,
                "Name of " + connectionId,
                Instant.ofEpochMilli(1_700_000_000_123L));
    }

    /** Unregisters a connection. */
    public boolean unregister(String connectionId) {
        return done(registry().unregister(connectionId));
    }

    /** Watches a group through the feed. */
    public Position watch(String group) {
        return done(feed.watch(group));
    }

    /** Ends {@link #watch}. */
    public void unwatch(String group) {
        done(feed.unwatch(group));
    }

    /** Joins a group with a roomy policy. */
    public Position join(String connectionId, String group) {
        return join(connectionId, group, ROOMY);
    }

    /** Joins a group. */
    public Position join(String connectionId, String group, GroupPolicy policy) {
        return done(registry().join(connectionId, group, policy));
    }

    /** Leaves a group. */
    public boolean leave(String connectionId, String group) {
        return done(registry().leave(connectionId, group));
    }

    /** Publishes a text with a roomy policy. */
    public Position say(String group, String text) {
        return publish(group, Draft.text(null, text), ROOMY);
    }

    /** Publishes in order. */
    public Position publish(String group, Draft draft, GroupPolicy policy) {
        return Objects.requireNonNull(
                done(registry().publish(group, draft, policy)).position(), "position");
    }

    // ---- questions ----

    /** The ids of the group's members, in the registry's order. */
    public List<String> members(String group) {
        return records(group, 1000).stream().map(ConnectionRecord::connectionId).toList();
    }

    /** The records of the group's members, read page by page. */
    public List<ConnectionRecord> records(String group, int limit) {
        List<ConnectionRecord> records = new ArrayList<>();
        String cursor = null;
        do {
            Page<ConnectionRecord> page = done(registry().members(group, cursor, limit));
            records.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return records;
    }

    /** How many members the group has. */
    public long memberCount(String group) {
        return done(registry().memberCount(group));
    }

    /** The groups of a connection. */
    public Set<String> groupsOf(String connectionId) {
        return done(registry().groupsOf(connectionId));
    }

    /** The non-empty groups with their counts, read page by page. A group seen twice has its later count. */
    public Map<String, Long> groups() {
        Map<String, Long> counts = new LinkedHashMap<>();
        String cursor = null;
        do {
            Page<GroupCount> page = done(registry().groups(cursor));
            page.items().forEach(each -> counts.put(each.group(), each.members()));
            cursor = page.next();
        } while (cursor != null);
        return counts;
    }

    /** Connections of the whole cluster. */
    public long connectionCount() {
        return done(registry().connectionCount());
    }

    /** One slice of a group's log. */
    public Slice read(String group, Position after, int limit) {
        return done(registry().read(group, after, limit));
    }

    /** The head of a group that exists. */
    public Position head(String group) {
        Position head = done(registry().heads(List.of(group))).get(group);
        if (head == null) {
            throw new AssertionError("heads does not know " + group);
        }
        return head;
    }

    /** All entries of a group, read page by page, by key. */
    public Map<String, SnapshotPage.Entry> entries(String group) {
        Map<String, SnapshotPage.Entry> entries = new LinkedHashMap<>();
        String cursor = null;
        do {
            SnapshotPage page = done(registry().snapshot(group, cursor));
            page.entries().forEach(each -> entries.put(each.key(), each));
            cursor = page.next();
        } while (cursor != null);
        return entries;
    }

    @Override
    public String toString() {
        return name;
    }
}
