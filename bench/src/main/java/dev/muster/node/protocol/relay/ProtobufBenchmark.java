package dev.muster.node.protocol.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PositionUpdate;
import dev.muster.node.schema.RelaySchema.Quaternion;
import dev.muster.node.schema.RelaySchema.Vector3;
import dev.muster.node.schema.RelaySchema.VoiceData;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
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

/** Protobuf on the relay: looking at a frame against parsing it. */
public class ProtobufBenchmark {

    /** A frame of a client. */
    @State(Scope.Thread)
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 5, time = 1)
    @Fork(1)
    public static class Decode {

        /** Which. */
        @Param({"position", "voice", "chat"})
        public String frame;

        private Buffer bytes;
        private byte[] array;
        private final byte[] clientId = "client-1".getBytes(StandardCharsets.UTF_8);

        /** Frames as clients send them. */
        @Setup
        public void prepare() {
            Message.Builder message = Message.newBuilder()
                    .setMessageId("4ddc1e03-7cec-401c-8d94-1bf16f8f1746")
                    .setTimestamp(1_700_000_000_000L);
            array = payload(message).build().toByteArray();
            bytes = Buffer.buffer(array);
        }

        private Message.Builder payload(Message.Builder message) {
            return switch (frame) {
                case "position" ->
                    message.setType(MessageType.POSITION_UPDATE)
                            .setPositionUpdate(PositionUpdate.newBuilder()
                                    .setEntityId("avatar-client-1")
                                    .setPosition(
                                            Vector3.newBuilder().setX(1).setY(2).setZ(3))
                                    .setRotation(Quaternion.newBuilder().setY(1).setW(1))
                                    .setSequenceNumber(4711));
                case "voice" ->
                    message.setType(MessageType.VOICE_DATA)
                            .setVoiceData(VoiceData.newBuilder()
                                    .setFromClientId("client-1")
                                    .setAudioData(ByteString.copyFrom(new byte[160]))
                                    .setSequenceNumber(4711));
                default ->
                    message.setType(MessageType.CHAT_MESSAGE)
                            .setChatMessage(ChatMessage.newBuilder()
                                    .setFromClientId("client-1")
                                    .setMessage("x".repeat(128)));
            };
        }

        /** What the relay does. */
        @Benchmark
        public Object look() {
            return ProtobufFrame.of(bytes, clientId);
        }

        /** What it would be to build the message. */
        @Benchmark
        public Object parse() throws InvalidProtocolBufferException {
            return Message.parseFrom(array);
        }
    }
}
