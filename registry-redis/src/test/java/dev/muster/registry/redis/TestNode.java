package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.Slice;
import dev.muster.registry.tck.RegistryFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A node of a test that looks at one thing: its registry, what it was told, and what its feed made of it. */
final class TestNode implements RegistryListener, AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final ConnectionRegistry registry;
    private final GroupFeed feed;
    private final long timer;
    private final String name;

    /** What the registry said, in words. */
    final List<String> told = new CopyOnWriteArrayList<>();

    /** What came out of the feed, group and text. */
    final List<String> fed = new CopyOnWriteArrayList<>();

    /** What the transport brought. */
    final List<Publication> raw = new CopyOnWriteArrayList<>();

    TestNode(String namespace, String name, Map<String, String> options) {
        this(namespace, name, options, RegistryFixture.SHORT);
    }

    TestNode(String namespace, String name, Map<String, String> options, RegistryTimings timings) {
        this.name = name;
        registry = new RedisProvider()
                .create(new RegistryContext(
                        vertx,
                        namespace,
                        name,
                        Clock.systemUTC(),
                        System::nanoTime,
                        timings,
                        1 << 20,
                        new HashMap<>(options)));
        feed = new GroupFeed(registry, new Fed());
        timer = vertx.setPeriodic(100, tick -> feed.tick(System.nanoTime()));
    }

    TestNode start() {
        try {
            done(registry.start(this));
        } catch (RegistryException late) {
            if (!late.retryable()) {
                throw late;
            }
            // A busy machine: it goes on trying, and then says so, which tests that count do not expect.
            await("the late start", () -> told.contains("link replaced"));
            told.removeIf(each -> each.equals("recovered") || each.equals("link replaced"));
        }
        return this;
    }

    /** Waits for what is under way if it is much: each call has its time from when it was made. */
    static void inPortions(List<Future<?>> underWay) {
        if (underWay.size() >= 600) {
            underWay.forEach(TestNode::done);
            underWay.clear();
        }
    }

    ConnectionRegistry registry() {
        return registry;
    }

    /** The result of a future; throws what it failed with. */
    static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RegistryException known) {
                throw known;
            }
            throw new AssertionError(failure);
        } catch (TimeoutException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    static RegistryException failure(Future<?> future) {
        try {
            done(future);
        } catch (RegistryException failure) {
            return failure;
        }
        throw new AssertionError("it did not fail");
    }

    static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(15))
                .ignoreExceptions()
                .until(condition);
    }

    ConnectionRecord record(String id) {
        return new ConnectionRecord(
                id,
                new NodeId(name, 1),
                "websocket",
                "user of " + id,
                null,
                "Name",
                Instant.ofEpochMilli(1_700_000_000_000L));
    }

    void join(String id, String group) {
        done(registry.register(record(id)));
        done(registry.join(id, group, GroupPolicy.DEFAULT));
    }

    Position watch(String group) {
        return done(feed.watch(group));
    }

    Position say(String group, String text) {
        return done(registry.publish(group, Draft.text(null, text), GroupPolicy.DEFAULT))
                .position();
    }

    /** Waits until a marker published now has come through the feed of {@code group}: nothing is on its way then. */
    void settle(String group, TestNode publisher) {
        String marker = "marker " + System.nanoTime();
        publisher.say(group, marker);
        await(marker, () -> fed.contains(group + " " + marker));
        fed.remove(group + " " + marker);
    }

    /** What comes out of the feed. */
    private final class Fed implements GroupFeed.Listener {
        @Override
        public void onPublication(String group, Publication publication) {
            fed.add(group + " "
                    + (publication.kind().isMembership()
                            ? publication.kind() + " " + publication.sender()
                            : publication.payload().toString()));
        }

        @Override
        public void onReset(String group, Position at, Slice.Completeness why) {
            told.add("reset " + group + " " + why);
        }

        @Override
        public void onMembersReset(String group) {
            told.add("members gap " + group);
        }
    }

    @Override
    public void onPublication(String group, Publication publication) {
        raw.add(publication);
        feed.onPublication(group, publication);
    }

    @Override
    public void onMembersReset(String group) {
        told.add("members reset " + group);
    }

    @Override
    public void onBroadcast(Publication publication) {
        told.add("broadcast " + publication.payload());
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        told.add("send " + connectionId + " " + payload);
    }

    @Override
    public void onNodeUp(NodeId node) {
        told.add("up " + node.name());
    }

    @Override
    public void onNodeDown(NodeId node) {
        told.add("down " + node.name());
    }

    @Override
    public void onLinkReplaced() {
        told.add("link replaced");
        feed.checkAll();
    }

    @Override
    public void onUnavailable(Throwable cause) {
        told.add("unavailable");
    }

    @Override
    public void onRecovered() {
        told.add("recovered");
        feed.checkAll();
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        told.add("incarnation");
    }

    long count(String word) {
        return told.stream().filter(each -> each.startsWith(word)).count();
    }

    /** Ends it without a word to anybody, as kill -9 does. Nothing can be asked of it afterwards. */
    void crash() {
        done(vertx.close());
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        done(registry.close());
        done(vertx.close());
    }
}
