package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Page;
import dev.muster.registry.codec.RecordCodec;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of members on its way from the member that owns the group to the one that asked. */
final class MembersAnswer implements IdentifiedDataSerializable {

    private final List<byte[]> records = new ArrayList<>();
    private long last;
    private boolean endsEarly;

    int size() {
        return records.size();
    }

    void add(long number, byte[] record) {
        records.add(record);
        last = number;
    }

    void endEarly() {
        endsEarly = true;
    }

    Page<ConnectionRecord> toPage() {
        List<ConnectionRecord> page = new ArrayList<>(records.size());
        for (byte[] record : records) {
            page.add(RecordCodec.decode(Buffer.buffer(record), 0));
        }
        return new Page<>(page, endsEarly ? Long.toString(last) : null);
    }

    /** The number of the member after which a page begins. */
    static long after(@Nullable String cursor) {
        try {
            return cursor == null ? 0 : Long.parseLong(cursor);
        } catch (NumberFormatException notOurs) {
            throw new IllegalArgumentException("cursor was not handed out by a listing of members", notOurs);
        }
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(last);
        out.writeBoolean(endsEarly);
        out.writeInt(records.size());
        for (byte[] record : records) {
            out.writeByteArray(record);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        last = in.readLong();
        endsEarly = in.readBoolean();
        for (int left = in.readInt(); left > 0; left--) {
            records.add(Wire.bytes(in));
        }
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.MEMBERS;
    }
}
