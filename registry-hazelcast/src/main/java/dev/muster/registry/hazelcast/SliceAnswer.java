package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A {@link Slice} on its way from the member that owns the group to the one that asked. */
final class SliceAnswer implements IdentifiedDataSerializable {

    private static final Completeness[] COMPLETENESS = Completeness.values();

    private Position head = Serials.NOWHERE;
    private Completeness messages = Completeness.COMPLETE;
    private Completeness memberships = Completeness.COMPLETE;
    private boolean provesLoss;
    private boolean endsEarly;
    private final List<Logged> found = new ArrayList<>();
    private final List<String> epochs = new ArrayList<>();

    /** For deserialization. */
    SliceAnswer() {}

    SliceAnswer(Position head, Completeness messages, Completeness memberships) {
        this.head = head;
        this.messages = messages;
        this.memberships = memberships;
    }

    static SliceAnswer broken(Position head, Completeness why, boolean provesLoss) {
        SliceAnswer answer = new SliceAnswer(head, why, why);
        answer.provesLoss = provesLoss;
        return answer;
    }

    int size() {
        return found.size();
    }

    void add(Logged logged, String epoch) {
        found.add(logged);
        epochs.add(epoch);
    }

    /** There is more in the log than fits the answer. */
    void endEarly() {
        endsEarly = true;
    }

    /** Whether the position asked for proves that publications were lost, which the log does not know yet (R16). */
    boolean provesLoss() {
        return provesLoss;
    }

    Slice toSlice() {
        if (messages != Completeness.COMPLETE && messages != Completeness.TRIMMED) {
            return Slice.broken(head, messages);
        }
        List<Publication> publications = new ArrayList<>(found.size());
        Position through = head;
        for (int i = 0; i < found.size(); i++) {
            Logged logged = found.get(i);
            Position position = new Position(epochs.get(i), logged.offset());
            publications.add(logged.at(position));
            if (endsEarly) {
                through = position;
            }
        }
        return new Slice(publications, through, head, messages, memberships);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        Wire.position(out, head);
        Wire.constant(out, messages);
        Wire.constant(out, memberships);
        out.writeBoolean(provesLoss);
        out.writeBoolean(endsEarly);
        out.writeInt(found.size());
        String before = "";
        for (int i = 0; i < found.size(); i++) {
            String epoch = epochs.get(i);
            boolean same = epoch.equals(before);
            out.writeBoolean(same);
            if (!same) {
                out.writeString(epoch);
            }
            before = epoch;
            found.get(i).write(out);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        head = Wire.position(in);
        messages = Wire.constant(in, COMPLETENESS);
        memberships = Wire.constant(in, COMPLETENESS);
        provesLoss = in.readBoolean();
        endsEarly = in.readBoolean();
        String epoch = "";
        for (int left = in.readInt(); left > 0; left--) {
            epoch = in.readBoolean() ? epoch : Wire.string(in);
            add(Logged.read(in), epoch);
        }
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.SLICE;
    }
}
