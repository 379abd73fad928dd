package dev.muster.bench;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import dev.muster.registry.codec.BodyCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a publication costs a node before it reaches a socket: its bytes, and its place in the group's feed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PublicationBenchmark {

    /** Bytes of payload. */
    @Param({"128", "1024"})
    public int payload;

    private Draft draft;
    private Buffer body;
    private GroupFeed feed;
    private Position position;

    /** A text message with the headers that rooms send. */
    @Setup
    public void prepare(Blackhole blackhole) {
        draft = Draft.text("AAAAAAAAAAAAAAAAAAA", "x".repeat(payload))
                .withHeaders(Map.of("name", "WS-AAAAAAAAAAAAAAAAAAA", "transport", "websocket"));
        body = BodyCodec.encode(draft);
        position = new Position("5f3c9a0e11d2b7c4.1a2b3c4d", 0);
        feed = new GroupFeed(registryAt(position), new GroupFeed.Listener() {
            @Override
            public void onPublication(String group, Publication publication) {
                blackhole.consume(publication);
            }

            @Override
            public void onReset(String group, Position at, Slice.Completeness why) {
                throw new AssertionError("nothing was lost");
            }

            @Override
            public void onMembersReset(String group) {
                throw new AssertionError("nothing was lost");
            }
        });
        feed.watch("room");
    }

    /** Draft to bytes, once for each message. */
    @Benchmark
    public Buffer encode() {
        return BodyCodec.encode(draft);
    }

    /** Bytes to publication, once for each message and node. */
    @Benchmark
    public Publication decode() {
        return BodyCodec.decode(body, 0, position, 0);
    }

    /** Decoded and passed through the feed, in order. */
    @Benchmark
    public void decodeAndFeed() {
        position = position.at(position.offset() + 1);
        feed.onPublication("room", BodyCodec.decode(body, 0, position, 0));
    }

    private static ConnectionRegistry registryAt(Position start) {
        return (ConnectionRegistry) Proxy.newProxyInstance(
                ConnectionRegistry.class.getClassLoader(),
                new Class<?>[] {ConnectionRegistry.class},
                (self, method, args) -> {
                    if (method.getName().equals("watch")) {
                        return Future.succeededFuture(start);
                    }
                    throw new AssertionError("an ordered feed asks for nothing, but for " + method.getName());
                });
    }
}
