package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.codec.RecordCodec;
import java.io.IOException;
import java.util.UUID;

/** A connection: who holds it, and its record. */
final class RecordEntry implements IdentifiedDataSerializable {

    private NodeRef holder;
    private byte[] record;

    /** For deserialization. */
    RecordEntry() {
        this(new NodeRef(new UUID(0, 0), 0), new byte[0]);
    }

    RecordEntry(NodeRef holder, byte[] record) {
        this.holder = holder;
        this.record = record;
    }

    NodeRef holder() {
        return holder;
    }

    ConnectionRecord record() {
        return RecordCodec.decode(Bytes.view(record), 0);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        holder.write(out);
        out.writeByteArray(record);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        holder = NodeRef.read(in);
        record = Wire.bytes(in);
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.RECORD;
    }
}
