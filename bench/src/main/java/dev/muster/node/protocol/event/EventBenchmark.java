package dev.muster.node.protocol.event;

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

/** The events wire: reading a client's frame with its event, once for a message. */
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
}
