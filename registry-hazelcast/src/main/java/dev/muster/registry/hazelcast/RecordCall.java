package dev.muster.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a connection's record, or removes it if the given incarnation still holds it (R06). Answers true if it took
 * effect, false if a record was refused because its holder is not a live node, null if there was nothing to remove, or
 * what was to be put back is another node's by now.
 */
final class RecordCall
        implements EntryProcessor<String, RecordEntry, Boolean>, IdentifiedDataSerializable, HazelcastInstanceAware {

    private @Nullable RecordEntry put;
    /** Whose record may be replaced, besides the holder's own; null if anybody's. */
    private long @Nullable [] former;

    private long remove;
    /** The owner has accepted it: the backup does not judge again. */
    private boolean accepted;

    private transient @Nullable OwnerSide owner;

    /** For deserialization. */
    RecordCall() {}

    static RecordCall put(RecordEntry record) {
        RecordCall call = new RecordCall();
        call.put = record;
        return call;
    }

    /** Puts a record back, unless it is held by somebody else than its holder, {@code former} or nobody. */
    static RecordCall putBack(RecordEntry record, Set<Long> former) {
        RecordCall call = put(record);
        call.former = former.stream().mapToLong(Long::longValue).toArray();
        return call;
    }

    static RecordCall removeIfHeldBy(long incarnation) {
        RecordCall call = new RecordCall();
        call.remove = incarnation;
        return call;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        owner = OwnerSide.of(instance);
    }

    @Override
    public @Nullable Boolean process(Map.Entry<String, RecordEntry> entry) {
        RecordEntry record = put;
        if (record != null) {
            OwnerSide here = owner;
            if (!accepted && (here == null || !here.admits(record.holder()))) {
                return false;
            }
            if (!accepted && isAnothers(entry.getValue(), record)) {
                return null;
            }
            accepted = true;
            entry.setValue(record);
            return true;
        }
        RecordEntry present = entry.getValue();
        if (present == null || present.holder().incarnation() != remove) {
            return null;
        }
        entry.setValue(null);
        return true;
    }

    private boolean isAnothers(@Nullable RecordEntry present, RecordEntry record) {
        long[] ours = former;
        if (ours == null || present == null) {
            return false;
        }
        long holder = present.holder().incarnation();
        return holder != record.holder().incarnation() && Arrays.stream(ours).noneMatch(each -> each == holder);
    }

    @Override
    public @Nullable EntryProcessor<String, RecordEntry, Boolean> getBackupProcessor() {
        return put != null && !accepted ? null : this;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeBoolean(accepted);
        out.writeBoolean(put != null);
        if (put != null) {
            put.writeData(out);
        }
        out.writeLongArray(former);
        out.writeLong(remove);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        accepted = in.readBoolean();
        if (in.readBoolean()) {
            RecordEntry record = new RecordEntry();
            record.readData(in);
            put = record;
        }
        former = in.readLongArray();
        remove = in.readLong();
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.RECORD_CALL;
    }
}
