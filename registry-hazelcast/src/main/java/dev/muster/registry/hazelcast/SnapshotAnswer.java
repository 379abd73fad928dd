package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.Position;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link SnapshotPage} on its way from the member that owns the group to the one that asked. */
final class SnapshotAnswer implements IdentifiedDataSerializable {

    private Position base = Serials.NOWHERE;
    private final List<SnapshotPage.Entry> entries = new ArrayList<>();
    private boolean endsEarly;
    private boolean replaced;

    /** For deserialization. */
    SnapshotAnswer() {}

    SnapshotAnswer(Position base) {
        this.base = base;
    }

    /** The log does not continue the base that the cursor names. */
    static SnapshotAnswer ofReplaced() {
        SnapshotAnswer answer = new SnapshotAnswer();
        answer.replaced = true;
        return answer;
    }

    int size() {
        return entries.size();
    }

    void add(String key, byte[] body, int payloadBytes, Position revision) {
        byte[] value = Arrays.copyOfRange(body, body.length - payloadBytes, body.length);
        entries.add(new SnapshotPage.Entry(key, Buffer.buffer(value), revision));
    }

    void endEarly() {
        endsEarly = true;
    }

    boolean replaced() {
        return replaced;
    }

    SnapshotPage toPage() {
        String next =
                endsEarly ? new Cursor(base, entries.get(entries.size() - 1).key()).toString() : null;
        return new SnapshotPage(base, entries, next);
    }

    /** Where a snapshot goes on: {@code base/last key}; a position holds no slash. */
    record Cursor(Position base, String lastKey) {

        static @Nullable Cursor parse(@Nullable String text) {
            if (text == null) {
                return null;
            }
            int slash = text.indexOf('/');
            if (slash < 0) {
                throw new IllegalArgumentException("cursor was not handed out by a snapshot");
            }
            return new Cursor(Position.parse(text.substring(0, slash)), text.substring(slash + 1));
        }

        @Override
        public String toString() {
            return base + "/" + lastKey;
        }
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        Wire.position(out, base);
        out.writeBoolean(endsEarly);
        out.writeBoolean(replaced);
        out.writeInt(entries.size());
        for (SnapshotPage.Entry entry : entries) {
            out.writeString(entry.key());
            out.writeByteArray(entry.value().getBytes());
            Wire.position(out, entry.revision());
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        base = Wire.position(in);
        endsEarly = in.readBoolean();
        replaced = in.readBoolean();
        for (int left = in.readInt(); left > 0; left--) {
            entries.add(new SnapshotPage.Entry(Wire.string(in), Buffer.buffer(Wire.bytes(in)), Wire.position(in)));
        }
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.SNAPSHOT;
    }
}
