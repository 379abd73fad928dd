package dev.muster.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one node wants changed in one group, in the order in which it was asked for (R14). The owner applies it, hands
 * what it published to the links of the watching nodes, and passes its stamp on to the backup.
 *
 * <p>A node has one batch of a group under way at a time. Hazelcast repeats an invocation whose answer was lost with
 * the owner; the sequence number makes the repetition harmless.
 */
final class GroupBatch
        implements EntryProcessor<String, GroupEntry, BatchAnswer>, IdentifiedDataSerializable, HazelcastInstanceAware {

    private NodeRef caller;
    private long sequence;
    private List<GroupOp> ops;

    private transient @Nullable OwnerSide owner;
    private transient @Nullable Stamp applied;

    /** For deserialization. */
    GroupBatch() {
        this(new NodeRef(new UUID(0, 0), 0), 0, List.of());
    }

    /** {@code sequence} grows with each batch of a caller. */
    GroupBatch(NodeRef caller, long sequence, List<GroupOp> ops) {
        this.caller = caller;
        this.sequence = sequence;
        this.ops = ops;
    }

    NodeRef caller() {
        return caller;
    }

    long sequence() {
        return sequence;
    }

    List<GroupOp> ops() {
        return ops;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        owner = OwnerSide.of(instance);
    }

    @Override
    public BatchAnswer process(Map.Entry<String, GroupEntry> entry) {
        applied = null;
        OwnerSide here = owner;
        if (here == null || !here.admits(caller)) {
            return new BatchAnswer();
        }
        GroupEntry group = entry.getValue();
        BatchAnswer repeated = group == null ? null : group.repeated(this);
        if (repeated != null) {
            return repeated;
        }
        Stamp stamp = here.stamp(group);
        GroupEntry changed = group == null ? new GroupEntry(stamp) : group;
        BatchAnswer answer = changed.apply(this, stamp);
        List<Logged> appended = changed.takeAppended();
        if (changed.dirty()) {
            applied = stamp;
            entry.setValue(changed.gone() ? null : changed);
            here.fanOut(entry.getKey(), changed, appended);
        }
        changed.takeTold().forEach(parcel -> here.fanOut(changed, parcel));
        return answer;
    }

    @Override
    public @Nullable EntryProcessor<String, GroupEntry, BatchAnswer> getBackupProcessor() {
        return applied == null ? null : new OnBackup(this, applied);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        caller.write(out);
        out.writeLong(sequence);
        out.writeInt(ops.size());
        for (GroupOp op : ops) {
            op.write(out);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        caller = NodeRef.read(in);
        sequence = in.readLong();
        int size = in.readInt();
        List<GroupOp> read = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            read.add(GroupOp.read(in));
        }
        ops = read;
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.BATCH;
    }

    /** The same change on the backup, under the stamp that the owner drew. */
    static final class OnBackup implements EntryProcessor<String, GroupEntry, BatchAnswer>, IdentifiedDataSerializable {

        private GroupBatch batch;
        private Stamp stamp;

        /** For deserialization. */
        OnBackup() {
            this(new GroupBatch(), new Stamp(0, new UUID(0, 0), "", false, 0, 0));
        }

        private OnBackup(GroupBatch batch, Stamp stamp) {
            this.batch = batch;
            this.stamp = stamp;
        }

        @Override
        public @Nullable BatchAnswer process(Map.Entry<String, GroupEntry> entry) {
            GroupEntry group = entry.getValue();
            GroupEntry changed = group == null ? new GroupEntry(stamp) : group;
            if (changed.repeated(batch) == null) {
                changed.apply(batch, stamp);
                changed.takeAppended();
                changed.takeTold();
                entry.setValue(changed.gone() ? null : changed);
            }
            return null;
        }

        @Override
        public void writeData(ObjectDataOutput out) throws IOException {
            batch.writeData(out);
            stamp.write(out);
        }

        @Override
        public void readData(ObjectDataInput in) throws IOException {
            batch.readData(in);
            stamp = Stamp.read(in);
        }

        @Override
        public int getFactoryId() {
            return Serials.FACTORY;
        }

        @Override
        public int getClassId() {
            return Serials.BATCH_ON_BACKUP;
        }
    }
}
