package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.Position;
import java.io.IOException;

/** What became of one {@link GroupOp}. */
record OpAnswer(Status status, Position position) {

    enum Status {
        /** It took effect. */
        DONE,
        /** It changed nothing: a duplicate, a member already, not a member. */
        UNCHANGED,
        /** The message id was used before with other bytes. */
        OTHER_BYTES,
        /** The entry is not at the expected revision. */
        OTHER_REVISION,
        /** Memberships were restored without publications. */
        SILENTLY_RESTORED,
        /** It did as much as one step may; to be repeated. */
        UNFINISHED
    }

    private static final Status[] STATUSES = Status.values();

    void write(ObjectDataOutput out) throws IOException {
        Wire.constant(out, status);
        Wire.position(out, position);
    }

    static OpAnswer read(ObjectDataInput in) throws IOException {
        return new OpAnswer(Wire.constant(in, STATUSES), Wire.position(in));
    }
}
