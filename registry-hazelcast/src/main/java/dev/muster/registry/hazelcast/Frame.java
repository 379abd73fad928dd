package dev.muster.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Parcels of one link on their way to the member at its end, where it runs. Answers whether the node it is meant for
 * is still the one that lives there.
 */
final class Frame implements Callable<Boolean>, IdentifiedDataSerializable, HazelcastInstanceAware {

    private long link;
    private long incarnation;
    private long first;
    private List<byte[]> parcels;

    private transient @Nullable OwnerSide receiver;

    /** For deserialization. */
    Frame() {
        this(0, 0, 0, List.of());
    }

    /**
     * @param link identifies the link to its receiver
     * @param incarnation of the node it is meant for
     * @param first the number of the first parcel; each parcel of a link has the next number, from 1
     */
    Frame(long link, long incarnation, long first, List<byte[]> parcels) {
        this.link = link;
        this.incarnation = incarnation;
        this.first = first;
        this.parcels = parcels;
    }

    long link() {
        return link;
    }

    long incarnation() {
        return incarnation;
    }

    long first() {
        return first;
    }

    List<byte[]> parcels() {
        return parcels;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        receiver = OwnerSide.of(instance);
    }

    @Override
    public Boolean call() {
        OwnerSide here = receiver;
        return here != null && here.inbox().accept(this);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(link);
        out.writeLong(incarnation);
        out.writeLong(first);
        out.writeInt(parcels.size());
        for (byte[] parcel : parcels) {
            out.writeByteArray(parcel);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        link = in.readLong();
        incarnation = in.readLong();
        first = in.readLong();
        int size = in.readInt();
        List<byte[]> read = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            read.add(Wire.bytes(in));
        }
        parcels = read;
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.FRAME;
    }
}
