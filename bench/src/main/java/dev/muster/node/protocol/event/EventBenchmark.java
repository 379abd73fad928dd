package dev.muster.node.protocol.event;

import dev.muster.node.connection.Framing;
import dev.muster.node.event.Events;
import dev.muster.node.protocol.Form;
import dev.muster.node.room.RoomEvent;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** The events wire: reading a client's frame with its event, and making one; each once for a message. */
public class EventBenchmark {

    /** A frame of a client. */
    @State(Scope.Thread)
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 5, time = 1)
    @Fork(1)
    public static class Decode {

        /** Characters of the message. */
        @Param({"16", "128", "1000"})
        public int text;

        private String plain;
        private String full;

        /** As clients send them. */
        @Setup
        public void prepare() {
            String message = "\"payload\":{\"message\":\"" + "x".repeat(text) + "\"}";
            plain = "{\"type\":\"publish\",\"channel\":\"client.message\"," + message + "}";
            full = "{\"type\":\"publish\",\"channel\":\"client.message\",\"messageId\":\"4ddc1e03-7cec-401c-8d94\","
                    + message + ",\"metadata\":{\"a\":[1,2]},\"attributes\":{\"shop\":{\"country\":\"de\"}}}";
        }

        /** A frame with what is needed. */
        @Benchmark
        public Object message() throws EventFrame.Malformed {
            return EventFrame.of(plain).payload(Channels.CLIENT_MESSAGE);
        }

        /** One with everything. */
        @Benchmark
        public Object everything() throws EventFrame.Malformed {
            EventFrame frame = EventFrame.of(full);
            frame.payload(Channels.CLIENT_MESSAGE);
            return frame.attributes();
        }
    }

    /** What members are told; once for each event, way to subscribe, and node. */
    @State(Scope.Thread)
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 5, time = 1)
    @Fork(1)
    public static class Encode {

        private static final Framing PLAIN = new Framing() {
            @Override
            public ByteBuf text(ByteBuf utf8) {
                return utf8;
            }

            @Override
            public ByteBuf binary(ByteBuf bytes) {
                return bytes;
            }
        };

        private final EventEncoder encoder = new EventEncoder(new Channels(Events.NONE).all());
        private final Position position = new Position("5f3c9a0e11d2b7c4.1a2b3c4d", 4711);
        private final ConnectionRecord member = new ConnectionRecord(
                "AAAAAAAAAAAAAAAAAAA", new NodeId("n", 1), "websocket", "ann", "client-1", "Ann Smith", Instant.EPOCH);
        private final RoomEvent said = new RoomEvent.Message(Publication.of(
                new Draft(
                        "AAAAAAAAAAAAAAAAAAA",
                        ContentType.TEXT,
                        Buffer.buffer("x".repeat(128)),
                        Map.of("u", "1", "n", "John Doe", RoomEvent.Message.FORM, Form.SAID),
                        false,
                        null,
                        null),
                position,
                1_700_000_000_000L));
        private final RoomEvent joined = new RoomEvent.Joined(member, position, 1_700_000_000_000L);

        /** What shows nothing would measure nothing. */
        @Setup
        public void check() {
            if (said() == null || joined() == null) {
                throw new IllegalStateException("an event is not shown");
            }
        }

        /** 128 characters, said on any wire. */
        @Benchmark
        public @Nullable Object said() {
            return encoder.encode(said, PLAIN);
        }

        /** Somebody came. */
        @Benchmark
        public @Nullable Object joined() {
            return encoder.encode(joined, PLAIN);
        }
    }
}
