package dev.muster.registry.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change of a user's connections, on behalf of one incarnation. Answers nothing. */
final class UserCall implements EntryProcessor<String, UserEntry, Boolean>, IdentifiedDataSerializable {

    private boolean add;
    private @Nullable String connectionId;
    private long incarnation;

    /** For deserialization. */
    UserCall() {}

    private UserCall(boolean add, @Nullable String connectionId, long incarnation) {
        this.add = add;
        this.connectionId = connectionId;
        this.incarnation = incarnation;
    }

    static UserCall add(String connectionId, long incarnation) {
        return new UserCall(true, connectionId, incarnation);
    }

    static UserCall remove(String connectionId, long incarnation) {
        return new UserCall(false, connectionId, incarnation);
    }

    /** Removes all that the incarnation added. */
    static UserCall removeAllOf(long incarnation) {
        return new UserCall(false, null, incarnation);
    }

    @Override
    public @Nullable Boolean process(Map.Entry<String, UserEntry> entry) {
        UserEntry present = entry.getValue();
        UserEntry user = present == null ? new UserEntry() : present;
        boolean changed;
        if (connectionId == null) {
            changed = user.removeAllOf(incarnation);
        } else if (add) {
            user.add(connectionId, incarnation);
            changed = true;
        } else {
            changed = user.remove(connectionId, incarnation);
        }
        if (changed) {
            entry.setValue(user.isEmpty() ? null : user);
        }
        return null;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeBoolean(add);
        out.writeString(connectionId);
        out.writeLong(incarnation);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        add = in.readBoolean();
        connectionId = in.readString();
        incarnation = in.readLong();
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.USER_CALL;
    }
}
