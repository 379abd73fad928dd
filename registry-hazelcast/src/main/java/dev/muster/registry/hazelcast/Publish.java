package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.hazelcast.OpAnswer.Status;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Appends a message and changes its entry, if it has a key.
 *
 * @param fingerprint of what it says; only with a message id
 * @param expected the revision that the entry must have, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Publish(
        byte[] body,
        int payloadBytes,
        GroupPolicy policy,
        @Nullable String messageId,
        long fingerprint,
        @Nullable String key,
        boolean remove,
        @Nullable Position expected)
        implements GroupOp {
    static final byte KIND = 1;

    /** {@code body} is the draft's, encoded. */
    static Publish of(Draft draft, Buffer body, GroupPolicy policy) {
        Draft.EntryChange change = draft.change();
        String messageId = draft.messageId();
        return new Publish(
                body.getBytes(),
                draft.payload().length(),
                policy,
                messageId,
                messageId == null ? 0 : Dedupe.fingerprint(draft),
                change == null ? null : change.key(),
                change != null && change.remove(),
                change == null ? null : change.expected());
    }

    @Override
    public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
        Dedupe dedupe = group.dedupe();
        Dedupe.Seen seen =
                messageId == null || dedupe == null ? null : dedupe.find(messageId, stamp.dedupe(), stamp.now());
        if (seen != null) {
            Status status = seen.fingerprint() == fingerprint ? Status.UNCHANGED : Status.OTHER_BYTES;
            return new OpAnswer(status, seen.position());
        }
        if (key != null && !agrees(group, key)) {
            return new OpAnswer(Status.OTHER_REVISION, group.head());
        }
        group.touch(stamp);
        group.keep(policy);
        group.append(Logged.MESSAGE, body, payloadBytes, stamp);
        Position position = group.head();
        if (key != null && remove) {
            group.entriesToChange().remove(key);
        } else if (key != null) {
            group.entriesToChange().put(key, body, payloadBytes, position);
        }
        if (messageId != null) {
            group.dedupeToChange(stamp.now())
                    .add(messageId, new Dedupe.Seen(position, fingerprint, stamp.now()), stamp.dedupe());
        }
        return new OpAnswer(Status.DONE, position);
    }

    private boolean agrees(GroupEntry group, String changed) {
        KeyedEntries entries = group.entries();
        return (entries == null ? new KeyedEntries() : entries).agrees(changed, expected);
    }

    @Override
    public int weight() {
        return 96 + body.length;
    }

    @Override
    public void write(ObjectDataOutput out) throws IOException {
        out.writeByte(KIND);
        out.writeByteArray(body);
        out.writeInt(payloadBytes);
        Wire.policy(out, policy);
        out.writeString(messageId);
        if (messageId != null) {
            out.writeLong(fingerprint);
        }
        out.writeString(key);
        if (key != null) {
            out.writeBoolean(remove);
            Wire.optionalPosition(out, expected);
        }
    }

    static Publish read(ObjectDataInput in) throws IOException {
        byte[] body = Wire.bytes(in);
        int payloadBytes = in.readInt();
        GroupPolicy policy = Wire.policy(in);
        String messageId = in.readString();
        long fingerprint = messageId == null ? 0 : in.readLong();
        String key = in.readString();
        boolean remove = key != null && in.readBoolean();
        Position expected = key == null ? null : Wire.optionalPosition(in);
        return new Publish(body, payloadBytes, policy, messageId, fingerprint, key, remove, expected);
    }
}
