package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.UUID;

/**
 * What the owner of a group draws for one change of it and passes on to the backup, so that both compute the same.
 *
 * @param now the cluster's clock, in ms
 * @param owner the Hazelcast member that makes the change
 * @param epoch a new epoch's name, in case one begins
 * @param beginEpoch whether one begins with this change
 * @param idle how long an empty group stays, in ms (R08)
 * @param dedupe how long a message id is remembered, in ms
 */
record Stamp(long now, UUID owner, String epoch, boolean beginEpoch, long idle, long dedupe) {

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(now);
        out.writeLong(owner.getMostSignificantBits());
        out.writeLong(owner.getLeastSignificantBits());
        out.writeString(epoch);
        out.writeBoolean(beginEpoch);
        out.writeLong(idle);
        out.writeLong(dedupe);
    }

    static Stamp read(ObjectDataInput in) throws IOException {
        return new Stamp(
                in.readLong(),
                new UUID(in.readLong(), in.readLong()),
                Wire.string(in),
                in.readBoolean(),
                in.readLong(),
                in.readLong());
    }
}
