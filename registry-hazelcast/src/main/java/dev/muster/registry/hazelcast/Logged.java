package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.codec.BodyCodec;
import dev.muster.registry.codec.RecordCodec;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * A publication as the log keeps it.
 *
 * @param offset where it is
 * @param time when it was accepted, in ms of the cluster's clock
 * @param sort {@link #MESSAGE}, {@link #JOINED} or {@link #LEFT}
 * @param body a body of {@link BodyCodec} for a message, of {@link RecordCodec} otherwise; never modified
 * @param payloadBytes how much of the body is payload: the last bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; an array costs 16 bytes less than anything around it
record Logged(long offset, long time, byte sort, byte[] body, int payloadBytes) {

    /** A MESSAGE, PUT or REMOVE; the body knows which. */
    static final byte MESSAGE = 0;

    static final byte JOINED = 1;
    static final byte LEFT = 2;

    boolean isMembership() {
        return sort != MESSAGE;
    }

    Publication at(Position position) {
        return decode(sort, Bytes.view(body), position, time);
    }

    /** The publication whose body is all of {@code body}. */
    static Publication decode(byte sort, Buffer body, Position position, long time) {
        return switch (sort) {
            case MESSAGE -> BodyCodec.decode(body, 0, position, time);
            case JOINED -> Publication.ofMember(Kind.JOINED, RecordCodec.decode(body, 0), position, time);
            case LEFT -> Publication.ofMember(Kind.LEFT, RecordCodec.decode(body, 0), position, time);
            default -> throw new IllegalArgumentException("unknown sort of publication: " + sort);
        };
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(offset);
        out.writeLong(time);
        out.writeByte(sort);
        out.writeByteArray(body);
        out.writeInt(payloadBytes);
    }

    static Logged read(ObjectDataInput in) throws IOException {
        return new Logged(in.readLong(), in.readLong(), in.readByte(), Wire.bytes(in), in.readInt());
    }
}
