package dev.muster.registry.redis;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the logs of groups hold. On the home context. */
final class GroupLog {

    private static final int AT_ONCE = 200;

    private final Access access;
    private final Batcher<String, Optional<Position>> asking;
    private final Batcher<String, Optional<Position>> making;

    GroupLog(Access access) {
        this.access = access;
        this.asking = new Batcher<>(access, false, AT_ONCE, new Heads(access, false));
        this.making = new Batcher<>(access, true, AT_ONCE, new Heads(access, true));
    }

    void flush() {
        asking.flush();
        making.flush();
    }

    /** The head of the group, which comes to be if it does not exist. */
    Future<Position> head(String group) {
        return making.add(group).map(Optional::orElseThrow);
    }

    Future<Map<String, Position>> heads(Collection<String> groups) {
        access.require();
        Map<String, Future<Optional<Position>>> asked = new HashMap<>();
        groups.forEach(group -> asked.computeIfAbsent(group, asking::add));
        return Future.all(new ArrayList<>(asked.values())).map(all -> {
            Map<String, Position> heads = new HashMap<>();
            asked.forEach((group, head) -> head.result().ifPresent(position -> heads.put(group, position)));
            return heads;
        });
    }

    Future<Slice> read(String group, Position after, int limit) {
        access.require();
        byte[] epoch = Positions.epochBytes(after);
        Evaluation call = access.script(Script.READ, access.keys().bucketOf(group))
                .key(access.keys().meta(group))
                .arg(access.idleMillis())
                .arg(epoch == null ? new byte[Positions.EPOCH_BYTES] : epoch)
                .arg(after.offset())
                .arg(limit);
        return access.evaluate(call, false).map(answer -> slice(answer, after));
    }

    private static Slice slice(Response answer, Position after) {
        String verdict = answer.get(0).toString();
        return switch (verdict) {
            // There is nothing the position could continue in, and nowhere to go on from but itself.
            case "N" -> Slice.broken(after, Completeness.EPOCH_CHANGED);
            case "A" -> Slice.broken(Positions.of(answer.get(1).toBuffer(), 0), Completeness.AHEAD);
            case "E" -> Slice.broken(Positions.of(answer.get(1).toBuffer(), 0), Completeness.EPOCH_CHANGED);
            default -> {
                Positions positions = new Positions();
                List<Publication> publications = new ArrayList<>(answer.size() - 5);
                for (int i = 5; i < answer.size(); i++) {
                    publications.add(Entries.decode(answer.get(i).toBuffer(), positions));
                }
                yield new Slice(
                        publications,
                        Positions.of(answer.get(2).toBuffer(), 0),
                        Positions.of(answer.get(1).toBuffer(), 0),
                        completeness(answer.get(3)),
                        completeness(answer.get(4)));
            }
        };
    }

    private static Completeness completeness(Response flag) {
        return flag.toLong() == 1 ? Completeness.COMPLETE : Completeness.TRIMMED;
    }

    /** A cursor of a snapshot is the base position, a slash, and the server's cursor. */
    Future<SnapshotPage> snapshot(String group, @Nullable String cursor) {
        access.require();
        Position base = null;
        String at = "0";
        if (cursor != null) {
            int slash = cursor.lastIndexOf('/');
            if (slash < 0 || !cursor.substring(slash + 1).matches("\\d{1,20}")) {
                throw Cursors.foreign(cursor);
            }
            base = Position.parse(cursor.substring(0, slash));
            at = cursor.substring(slash + 1);
        }
        byte[] epoch = base == null ? new byte[0] : Positions.epochBytes(base);
        Evaluation call = access.script(Script.SNAPSHOT, access.keys().bucketOf(group))
                .key(access.keys().meta(group))
                .arg(access.idleMillis())
                .arg(epoch == null ? new byte[Positions.EPOCH_BYTES] : epoch)
                .arg(at);
        Position begun = base;
        return access.evaluate(call, false).compose(answer -> page(group, answer, begun));
    }

    private Future<SnapshotPage> page(String group, Response answer, @Nullable Position begun) {
        String first = answer.get(0).toString();
        if (first.equals("E")) {
            return Future.failedFuture(new RegistryException(
                    Reason.REJECTED, "the group's log was replaced since the snapshot was begun: begin again"));
        }
        if (first.equals("N")) {
            // The base of an empty snapshot has to be a position of the group, so the group comes to be.
            return head(group).map(position -> new SnapshotPage(position, List.of(), null));
        }
        Position base = begun == null ? Positions.of(answer.get(0).toBuffer(), 0) : begun;
        List<SnapshotPage.Entry> entries = new ArrayList<>();
        for (int i = 2; i + 1 < answer.size(); i += 2) {
            Buffer value = answer.get(i + 1).toBuffer();
            entries.add(new SnapshotPage.Entry(
                    answer.get(i).toString(), value.slice(Positions.BYTES, value.length()), Positions.of(value, 0)));
        }
        String next = answer.get(1).toString();
        return Future.succeededFuture(new SnapshotPage(base, entries, next.equals("0") ? null : base + "/" + next));
    }

    private record Heads(Access access, boolean make) implements Batcher.Shape<String, Optional<Position>> {
        @Override
        public int bucket(String group) {
            return access.keys().bucketOf(group);
        }

        @Override
        public Evaluation script(int bucket, List<String> groups) {
            Evaluation call = access.script(Script.HEADS, bucket)
                    .arg(access.idleMillis())
                    .arg(make ? access.creation() : new byte[0])
                    .arg(PublishRequest.policyBytes(GroupPolicy.DEFAULT));
            groups.forEach(group -> call.key(access.keys().meta(group)));
            return call;
        }

        @Override
        public Optional<Position> result(String group, Response reply, int index) {
            Buffer head = reply.get(index).toBuffer();
            return head.length() == 0 ? Optional.empty() : Optional.of(Positions.of(head, 0));
        }
    }
}
