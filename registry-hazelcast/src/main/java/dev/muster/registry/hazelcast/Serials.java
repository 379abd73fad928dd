package dev.muster.registry.hazelcast;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.Position;
import org.jspecify.annotations.Nullable;

/**
 * The numbers under which this package's types travel between members. A number is never used again for another type:
 * members of two releases meet in one cluster.
 */
final class Serials implements DataSerializableFactory {

    static final int FACTORY = 7_701;

    static final int GROUP = 1;
    static final int BATCH = 2;
    static final int BATCH_ON_BACKUP = 3;
    static final int BATCH_ANSWER = 4;
    static final int QUERY = 5;
    static final int SLICE = 6;
    static final int MEMBERS = 7;
    static final int SNAPSHOT = 8;
    static final int ROSTER = 9;
    static final int ROSTER_CALL = 10;
    static final int RECORD = 11;
    static final int RECORD_CALL = 12;
    static final int USER = 13;
    static final int USER_CALL = 14;
    static final int FRAME = 15;
    static final int NOTE = 16;
    static final int ROSTER_ON_BACKUP = 17;

    /** Stands in a field until it is read. */
    static final Position NOWHERE = new Position("none", 0);

    @Override
    public @Nullable IdentifiedDataSerializable create(int type) {
        return switch (type) {
            case GROUP -> new GroupEntry();
            case BATCH -> new GroupBatch();
            case BATCH_ON_BACKUP -> new GroupBatch.OnBackup();
            case BATCH_ANSWER -> new BatchAnswer();
            case QUERY -> new GroupQuery();
            case SLICE -> new SliceAnswer();
            case MEMBERS -> new MembersAnswer();
            case SNAPSHOT -> new SnapshotAnswer();
            case ROSTER -> new Roster();
            case ROSTER_CALL -> new RosterCall();
            case RECORD -> new RecordEntry();
            case RECORD_CALL -> new RecordCall();
            case USER -> new UserEntry();
            case USER_CALL -> new UserCall();
            case FRAME -> new Frame();
            case NOTE -> new Note();
            case ROSTER_ON_BACKUP -> new RosterCall.OnBackup();
            default -> null;
        };
    }
}
