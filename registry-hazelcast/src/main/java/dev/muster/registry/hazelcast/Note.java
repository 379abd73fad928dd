package dev.muster.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A word from one member to another, answered there. */
final class Note implements Callable<Object>, IdentifiedDataSerializable, HazelcastInstanceAware {

    private static final byte ROSTER_CHANGED = 1;
    private static final byte CONDEMNED = 2;
    private static final byte IS_MEMBER = 3;
    private static final byte GROUPS_OF = 4;

    private byte kind;
    private String text;
    private long number;

    private transient @Nullable OwnerSide here;

    /** For deserialization. */
    Note() {
        this((byte) 0, "", 0);
    }

    private Note(byte kind, String text, long number) {
        this.kind = kind;
        this.text = text;
        this.number = number;
    }

    /** Nodes came or went: look at the roster. */
    static Note rosterChanged() {
        return new Note(ROSTER_CHANGED, "", 0);
    }

    /** Accept nothing more of this incarnation. */
    static Note condemned(long incarnation) {
        return new Note(CONDEMNED, "", incarnation);
    }

    /** Is this member in your cluster? Answers a Boolean. */
    static Note isMember(UUID member) {
        return new Note(IS_MEMBER, member.toString(), 0);
    }

    /** Which groups is this connection of yours in? Answers an array of their names. */
    static Note groupsOf(String connectionId) {
        return new Note(GROUPS_OF, connectionId, 0);
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        here = OwnerSide.of(instance);
    }

    @Override
    public Object call() {
        OwnerSide side = here;
        OwnerSide.Answering answering = side == null ? null : side.answering();
        if (side == null || answering == null) {
            return false;
        }
        return switch (kind) {
            case ROSTER_CHANGED -> {
                answering.rosterChanged();
                yield true;
            }
            case CONDEMNED -> {
                side.condemn(number);
                yield true;
            }
            case IS_MEMBER -> side.member(UUID.fromString(text)) != null;
            case GROUPS_OF -> {
                Set<String> groups = answering.groupsOf(text);
                yield groups.toArray(new String[0]);
            }
            default -> throw new IllegalArgumentException("unknown kind of note: " + kind);
        };
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByte(kind);
        out.writeString(text);
        out.writeLong(number);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        kind = in.readByte();
        text = Wire.string(in);
        number = in.readLong();
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.NOTE;
    }
}
