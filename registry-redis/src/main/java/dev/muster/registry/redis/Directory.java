package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which connections there are, and who holds them. On the home context. */
final class Directory {

    private static final int AT_ONCE = 100;

    private final Access access;
    private final LocalState local;
    private final Memberships memberships;
    private final Batcher<ConnectionRecord, Boolean> registering;
    private final Batcher<ConnectionRecord, Boolean> restoring;
    private final Batcher<String, Boolean> unregistering;
    private final Batcher<Sending, Boolean> sending;

    private record Sending(String connectionId, Buffer frame) {}

    Directory(Access access, LocalState local, Memberships memberships) {
        this.access = access;
        this.local = local;
        this.memberships = memberships;
        this.registering = new Batcher<>(access, true, AT_ONCE, new Registering(access, false));
        this.restoring = new Batcher<>(access, true, AT_ONCE, new Registering(access, true));
        this.unregistering = new Batcher<>(access, true, AT_ONCE, new Unregistering(access));
        this.sending = new Batcher<>(access, true, AT_ONCE, new SendingShape(access));
    }

    /** Sends what has to come before joins. */
    void flushArrivals() {
        registering.flush();
        restoring.flush();
    }

    /** Sends what has to come after leaves, and the rest. */
    void flushDepartures() {
        unregistering.flush();
        sending.flush();
    }

    Future<Void> register(ConnectionRecord record) {
        return local.inOrder(record.connectionId(), () -> {
            access.require();
            return put(record).map(done -> {
                LocalState.Held held = Objects.requireNonNull(local.find(record.connectionId()));
                held.record = record;
                return null;
            });
        });
    }

    /** Registers at the server only. */
    Future<Boolean> put(ConnectionRecord record) {
        return registering.add(record.heldBy(access.self()));
    }

    /** As {@link #put}, but false, and nothing is done, if another live node has registered it meanwhile. */
    Future<Boolean> putBack(ConnectionRecord record) {
        return restoring.add(record.heldBy(access.self()));
    }

    Future<Boolean> unregister(String connectionId) {
        if (local.find(connectionId) == null) {
            access.require();
            return Future.succeededFuture(false);
        }
        return local.inOrder(connectionId, () -> {
            LocalState.Held held = Objects.requireNonNull(local.find(connectionId));
            if (held.record == null) {
                access.require();
                return Future.succeededFuture(false);
            }
            // Whatever becomes of the call, the connection is gone; what the server still has of it is removed later.
            var groups = local.drop(held);
            access.require();
            List<Future<Boolean>> ending = new ArrayList<>();
            groups.keySet().forEach(group -> ending.add(memberships.remove(connectionId, group)));
            ending.add(remove(connectionId));
            return Future.all(ending).map(true).onFailure(cause -> local.owe(connectionId, groups.keySet()));
        });
    }

    /** Unregisters at the server only; memberships are ended in the same round or were before. */
    Future<Boolean> remove(String connectionId) {
        return unregistering.add(connectionId);
    }

    Future<Optional<ConnectionRecord>> locate(String connectionId) {
        access.require();
        String key = access.keys().connections(access.keys().bucketOf(connectionId));
        return access.run(Request.cmd(Command.HGET).arg(key).arg(connectionId), false)
                .map(value -> value == null
                        ? Optional.empty()
                        : Optional.of(Records.ofConnection(connectionId, value.toBuffer())));
    }

    Future<List<ConnectionRecord>> connectionsOf(String user) {
        access.require();
        List<Future<Response>> answers = new ArrayList<>();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            answers.add(access.evaluate(
                    new Evaluation(Script.USERS)
                            .key(access.keys().connections(bucket))
                            .key(access.keys().users(bucket))
                            .arg(user),
                    false));
        }
        return Future.all(answers).map(all -> {
            List<ConnectionRecord> records = new ArrayList<>();
            for (Future<Response> answer : answers) {
                Response found = answer.result();
                for (int i = 0; i + 1 < found.size(); i += 2) {
                    records.add(Records.ofConnection(
                            found.get(i).toString(), found.get(i + 1).toBuffer()));
                }
            }
            records.sort(
                    Comparator.comparing(ConnectionRecord::connectedAt).thenComparing(ConnectionRecord::connectionId));
            return records;
        });
    }

    Future<Long> connectionCount() {
        access.require();
        List<Future<Long>> counts = new ArrayList<>();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            counts.add(access.run(Request.cmd(Command.HLEN).arg(access.keys().connections(bucket)), false)
                    .map(count -> Objects.requireNonNull(count).toLong()));
        }
        return Future.all(counts)
                .map(all -> counts.stream().mapToLong(Future::result).sum());
    }

    Future<Boolean> send(String connectionId, Buffer payload) {
        access.require();
        return sending.add(new Sending(connectionId, Frames.send(connectionId, payload)));
    }

    private record Registering(Access access, boolean yields) implements Batcher.Shape<ConnectionRecord, Boolean> {
        @Override
        public int bucket(ConnectionRecord record) {
            return access.keys().bucketOf(record.connectionId());
        }

        @Override
        public Evaluation script(int bucket, List<ConnectionRecord> records) {
            RedisKeys keys = access.keys();
            Evaluation call = access.script(Script.REGISTER, bucket)
                    .key(keys.holdings(bucket, access.self()))
                    .key(keys.connections(bucket))
                    .key(keys.users(bucket))
                    .arg(access.owner())
                    .arg(yields ? 1 : 0);
            for (ConnectionRecord record : records) {
                call.arg(record.connectionId())
                        .arg(record.user() == null ? "-" : "+" + record.user())
                        .arg(Records.encode(record));
            }
            return call;
        }

        @Override
        public Boolean result(ConnectionRecord record, Response reply, int index) {
            return reply.get(index).toLong() == 1;
        }
    }

    private record Unregistering(Access access) implements Batcher.Shape<String, Boolean> {
        @Override
        public int bucket(String connectionId) {
            return access.keys().bucketOf(connectionId);
        }

        @Override
        public Evaluation script(int bucket, List<String> connectionIds) {
            RedisKeys keys = access.keys();
            Evaluation call = access.script(Script.UNREGISTER, bucket)
                    .key(keys.holdings(bucket, access.self()))
                    .key(keys.connections(bucket))
                    .key(keys.users(bucket))
                    .arg(access.owner())
                    .arg(access.owner());
            connectionIds.forEach(call::arg);
            return call;
        }

        @Override
        public Boolean result(String connectionId, Response reply, int index) {
            return true;
        }
    }

    private record SendingShape(Access access) implements Batcher.Shape<Sending, Boolean> {
        @Override
        public int bucket(Sending item) {
            return access.keys().bucketOf(item.connectionId());
        }

        @Override
        public Evaluation script(int bucket, List<Sending> items) {
            Evaluation call = new Evaluation(Script.SEND)
                    .key(access.keys().connections(bucket))
                    .arg(access.keys().nodeChannels());
            items.forEach(item -> call.arg(item.connectionId()).arg(item.frame()));
            return call;
        }

        @Override
        public Boolean result(Sending item, Response reply, int index) {
            return reply.get(index).toLong() > 0;
        }
    }
}
