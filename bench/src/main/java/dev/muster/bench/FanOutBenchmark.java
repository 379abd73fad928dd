package dev.muster.bench;

import dev.muster.node.protocol.Form;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.RoomPolicy;
import dev.muster.node.room.Rooms;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.ContentType;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a delivery costs on the loop of a room's members, from the registry's callback to the outbox: the feed, one
 * encoding for each wire, and the members one by one. Without sockets, whose system calls cost many times as much and
 * the same on every wire; so what mixing wires adds shows here at its largest.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FanOutBenchmark {

    private static final String ROOM = "room";
    private static final String ALL = "relay+chat+events+packets+protobuf";
    private static final int MESSAGES = 32;
    private static final Position START = new Position("5f3c9a0e11d2b7c4.1a2b3c4d", 0);

    /** Protocols of the members, in equal parts. */
    @Param({"relay", "chat", "events", "packets", "protobuf", ALL})
    public String wires;

    private final Buffer payload = Buffer.buffer("x".repeat(128));
    private final Map<String, String> headers = Map.of("u", "ann", "n", "Ann", RoomEvent.Message.FORM, Form.SAID);

    /** A room with so many members. */
    private static final class FullRoom {
        final EventLoop loop = new DefaultEventLoop(new DefaultThreadFactory("members", true));
        final Rooms rooms =
                new Rooms(registry(), List.of(RoomPolicy.DEFAULT), Clock.systemUTC(), System::nanoTime, null);
        long offset;
    }

    private static final int MANY = 960;
    private static final int FEW = 60;

    private final FullRoom large = new FullRoom();
    private final FullRoom small = new FullRoom();

    /** Lets the members in. */
    @Setup
    public void enter() throws Exception {
        enter(large, MANY);
        enter(small, FEW);
    }

    private void enter(FullRoom room, int count) throws Exception {
        // One object for all members of a wire, as on a node.
        Map<String, Encoder> encoders = new HashMap<>();
        String[] each = wires.split("\\+");
        List<CountingConnection> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CountingConnection member = new CountingConnection("member" + i, room.loop);
            members.add(member);
            Encoder encoder = encoders.computeIfAbsent(each[i % each.length], Wires::encoder);
            room.loop
                    .submit(() -> room.rooms.join(new WireMember(member, encoder), ROOM))
                    .get();
        }
        publishAndWait(room);
        for (CountingConnection member : members) {
            if (member.frames < MESSAGES) {
                throw new AssertionError(member.id() + " got " + member.frames + " of " + MESSAGES + " messages");
            }
        }
    }

    /** The threads of the loops would keep the process. */
    @TearDown
    public void stop() throws Exception {
        for (FullRoom room : List.of(large, small)) {
            room.loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
        }
    }

    /** One delivery of 960 for each message. */
    @Benchmark
    @OperationsPerInvocation(MANY * MESSAGES)
    public void delivery() throws Exception {
        publishAndWait(large);
    }

    /** One message to 960 members: what is allocated beyond that of {@link #messageToFew} is allocated for receivers. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void messageToMany() throws Exception {
        publishAndWait(large);
    }

    /** One message to 60 members. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void messageToFew() throws Exception {
        publishAndWait(small);
    }

    private void publishAndWait(FullRoom room) throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            room.rooms.onPublication(
                    ROOM,
                    new Publication(
                            Publication.Kind.MESSAGE,
                            START.at(++room.offset),
                            0,
                            "somebody-elsewhere",
                            ContentType.TEXT,
                            payload,
                            headers,
                            null,
                            null));
        }
        // Behind the mailbox's task, and behind those it adds for what a batch does not hold.
        room.loop.submit(() -> {}).get();
    }

    /** Knows of one room and lets everybody in. */
    private static ConnectionRegistry registry() {
        return (ConnectionRegistry) Proxy.newProxyInstance(
                ConnectionRegistry.class.getClassLoader(),
                new Class<?>[] {ConnectionRegistry.class},
                (self, method, args) -> switch (method.getName()) {
                    case "watch", "join" -> Future.succeededFuture(START);
                    default -> throw new AssertionError("nobody asks for " + method.getName());
                });
    }
}
