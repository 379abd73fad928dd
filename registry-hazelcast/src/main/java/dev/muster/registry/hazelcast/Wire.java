package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Position;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How values of the contract travel between members. */
final class Wire {

    private static final Presence[] PRESENCES = Presence.values();

    private Wire() {}

    /** One byte for an enum's constant. Constants are only ever added at an enum's end. */
    @SuppressWarnings("EnumOrdinal") // the number is what travels; names would cost ten times as much
    static void constant(ObjectDataOutput out, Enum<?> constant) throws IOException {
        out.writeByte(constant.ordinal());
    }

    /** Reads one of {@code all}, which are in the order of their declaration. */
    static <E> E constant(ObjectDataInput in, E[] all) throws IOException {
        int number = in.readByte();
        if (number < 0 || number >= all.length) {
            throw new IOException("unknown constant: " + number);
        }
        return all[number];
    }

    static void position(ObjectDataOutput out, Position position) throws IOException {
        out.writeString(position.epoch());
        out.writeLong(position.offset());
    }

    static Position position(ObjectDataInput in) throws IOException {
        return new Position(string(in), in.readLong());
    }

    static void optionalPosition(ObjectDataOutput out, @Nullable Position position) throws IOException {
        out.writeBoolean(position != null);
        if (position != null) {
            position(out, position);
        }
    }

    static @Nullable Position optionalPosition(ObjectDataInput in) throws IOException {
        return in.readBoolean() ? position(in) : null;
    }

    static void policy(ObjectDataOutput out, GroupPolicy policy) throws IOException {
        out.writeInt(policy.historyCount());
        out.writeLong(policy.historyAge().toMillis());
        out.writeLong(policy.historyBytes());
        Wire.constant(out, policy.presence());
    }

    static GroupPolicy policy(ObjectDataInput in) throws IOException {
        int count = in.readInt();
        long age = in.readLong();
        long bytes = in.readLong();
        Presence presence = constant(in, PRESENCES);
        GroupPolicy policy = new GroupPolicy(count, Duration.ofMillis(age), bytes, presence);
        // Nearly every group has it: one object for all of them.
        return policy.equals(GroupPolicy.DEFAULT) ? GroupPolicy.DEFAULT : policy;
    }

    static String string(ObjectDataInput in) throws IOException {
        String text = in.readString();
        if (text == null) {
            throw new IOException("a text is missing");
        }
        return text;
    }

    static byte[] bytes(ObjectDataInput in) throws IOException {
        byte[] bytes = in.readByteArray();
        if (bytes == null) {
            throw new IOException("bytes are missing");
        }
        return bytes;
    }
}
