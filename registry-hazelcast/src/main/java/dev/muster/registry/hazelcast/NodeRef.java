package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.UUID;

/**
 * A node as groups and records name it: the Hazelcast member it runs in, so that others can reach it, and its
 * incarnation.
 */
record NodeRef(UUID member, long incarnation) {

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(member.getMostSignificantBits());
        out.writeLong(member.getLeastSignificantBits());
        out.writeLong(incarnation);
    }

    static NodeRef read(ObjectDataInput in) throws IOException {
        return new NodeRef(new UUID(in.readLong(), in.readLong()), in.readLong());
    }
}
