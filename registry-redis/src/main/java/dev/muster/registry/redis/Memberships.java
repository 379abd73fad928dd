package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is in which group. On the home context. */
final class Memberships {

    private static final int AT_ONCE = 100;

    private final Access access;
    private final LocalState local;
    private final Batcher<Join, Joined> announcing;
    private final Batcher<Join, Joined> restoring;
    private final Batcher<Leave, Boolean> leaving;

    /** A membership to be made. */
    private record Join(String connectionId, String group, GroupPolicy policy, ConnectionRecord record) {}

    private record Leave(String connectionId, String group) {}

    /** @param added whether it was not a member before */
    record Joined(Position position, boolean added) {}

    Memberships(Access access, LocalState local) {
        this.access = access;
        this.local = local;
        this.announcing = new Batcher<>(access, true, AT_ONCE, new Joining(access, true));
        this.restoring = new Batcher<>(access, true, AT_ONCE, new Joining(access, false));
        this.leaving = new Batcher<>(access, true, AT_ONCE, new Leaving(access));
    }

    void flush() {
        announcing.flush();
        restoring.flush();
        leaving.flush();
    }

    Future<Position> join(String connectionId, String group, GroupPolicy policy) {
        access.require();
        if (local.find(connectionId) == null) {
            return Future.failedFuture(unknown(connectionId));
        }
        return local.inOrder(connectionId, () -> {
            access.require();
            LocalState.Held held = Objects.requireNonNull(local.find(connectionId));
            ConnectionRecord record = held.record;
            if (record == null) {
                return Future.failedFuture(unknown(connectionId));
            }
            return put(group, policy, record, true).map(joined -> {
                held.groups.put(group, policy);
                return joined.position();
            });
        });
    }

    /**
     * Makes a membership at the server only.
     *
     * @param announce whether a new member is told of; not when it is only restored (R22)
     */
    Future<Joined> put(String group, GroupPolicy policy, ConnectionRecord record, boolean announce) {
        Join join = new Join(record.connectionId(), group, policy, record.heldBy(access.self()));
        return (announce ? announcing : restoring).add(join);
    }

    Future<Boolean> leave(String connectionId, String group) {
        LocalState.Held known = local.find(connectionId);
        if (known == null) {
            access.require();
            return Future.succeededFuture(false);
        }
        return local.inOrder(connectionId, () -> {
            LocalState.Held held = Objects.requireNonNull(local.find(connectionId));
            local.drop(held, group);
            access.require();
            return remove(connectionId, group).onFailure(cause -> local.owe(connectionId, Set.of(group)));
        });
    }

    /** Ends a membership at the server only. */
    Future<Boolean> remove(String connectionId, String group) {
        return leaving.add(new Leave(connectionId, group));
    }

    Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
        access.require();
        Evaluation call = access.script(Script.MEMBERS, access.keys().bucketOf(group))
                .key(access.keys().meta(group))
                .arg(access.idleMillis())
                .arg(cursor == null ? 0 : Cursors.number(cursor))
                .arg(limit);
        return access.evaluate(call, false).map(answer -> {
            long last = answer.get(0).toLong();
            return new Page<>(Records.members(answer, 1), last < 0 ? null : Long.toString(last));
        });
    }

    Future<Long> memberCount(String group) {
        access.require();
        return access.run(Request.cmd(Command.HLEN).arg(access.keys().membersOf(group)), false)
                .map(count -> Objects.requireNonNull(count).toLong());
    }

    Future<Set<String>> groupsOf(String connectionId) {
        access.require();
        String connections = access.keys().connections(access.keys().bucketOf(connectionId));
        return access.run(Request.cmd(Command.HGET).arg(connections).arg(connectionId), false)
                .compose(value -> value == null
                        ? Future.succeededFuture(Set.of())
                        : groupsOf(Records.ofConnection(connectionId, value.toBuffer())));
    }

    private Future<Set<String>> groupsOf(ConnectionRecord record) {
        List<Future<@Nullable Response>> parts = new ArrayList<>();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            parts.add(access.run(
                    Request.cmd(Command.HGET)
                            .arg(access.keys().holdings(bucket, record.node()))
                            .arg(record.connectionId()),
                    false));
        }
        return Future.all(parts).map(all -> {
            Set<String> groups = new LinkedHashSet<>();
            for (Future<@Nullable Response> part : parts) {
                Response held = part.result();
                if (held != null) {
                    groups.addAll(groupNames(held.toBuffer()));
                }
            }
            return groups;
        });
    }

    /** The groups in a value of a node's holdings: names, each after its length in one byte. */
    static List<String> groupNames(Buffer held) {
        List<String> names = new ArrayList<>();
        for (int at = 0; at < held.length(); ) {
            int length = held.getUnsignedByte(at);
            names.add(held.getString(at + 1, at + 1 + length, StandardCharsets.UTF_8.name()));
            at += 1 + length;
        }
        return names;
    }

    Future<Page<GroupCount>> groups(@Nullable String cursor) {
        access.require();
        Cursors.Scan at = Cursors.scan(cursor, access.generations());
        Evaluation call = new Evaluation(Script.GROUPS)
                .key(access.keys().fence(at.bucket()))
                .key(access.keys().groups(at.bucket()))
                .arg(at.cursor());
        return access.evaluate(call, false).map(answer -> {
            List<GroupCount> groups = new ArrayList<>();
            for (int i = 1; i + 1 < answer.size(); i += 2) {
                groups.add(new GroupCount(
                        answer.get(i).toString(), answer.get(i + 1).toLong()));
            }
            return new Page<>(groups, Cursors.next(at, answer.get(0).toString(), access.generations()));
        });
    }

    private static RegistryException unknown(String connectionId) {
        return new RegistryException(
                Reason.UNKNOWN_CONNECTION, "the connection " + connectionId + " is not registered by this node");
    }

    private record Joining(Access access, boolean announce) implements Batcher.Shape<Join, Joined> {
        @Override
        public int bucket(Join join) {
            return access.keys().bucketOf(join.group());
        }

        @Override
        public Evaluation script(int bucket, List<Join> joins) {
            Evaluation call = access.script(Script.JOIN, bucket)
                    .key(access.keys().holdings(bucket, access.self()))
                    .key(access.keys().groups(bucket))
                    .arg(access.idleMillis())
                    .arg(access.owner())
                    .arg(access.creation())
                    .arg(announce ? "1" : "0")
                    .arg(incarnation(access.self()));
            for (Join join : joins) {
                call.key(access.keys().meta(join.group()))
                        .arg(join.connectionId())
                        .arg(PublishRequest.policyBytes(join.policy()))
                        .arg(Records.encode(join.record()));
            }
            return call;
        }

        @Override
        public Joined result(Join join, Response reply, int index) {
            Buffer answer = reply.get(index).toBuffer();
            if (answer.getByte(0) == 'E') {
                throw Failures.of(new IllegalStateException(answer.getString(1, answer.length())), true);
            }
            return new Joined(Positions.of(answer, 1), answer.getByte(0) == 'N');
        }
    }

    private record Leaving(Access access) implements Batcher.Shape<Leave, Boolean> {
        @Override
        public int bucket(Leave leave) {
            return access.keys().bucketOf(leave.group());
        }

        @Override
        public Evaluation script(int bucket, List<Leave> leaves) {
            Evaluation call = leaving(access, bucket, access.self(), access.owner());
            leaves.forEach(leave -> call.key(access.keys().meta(leave.group())).arg(leave.connectionId()));
            return call;
        }

        @Override
        public Boolean result(Leave leave, Response reply, int index) {
            Response answer = reply.get(index);
            if (answer.type() != ResponseType.NUMBER) {
                throw Failures.of(new IllegalStateException(answer.toString()), true);
            }
            return answer.toLong() == 1;
        }
    }

    /** A call that ends memberships of {@code of}; per membership its group's meta key and its connection follow. */
    static Evaluation leaving(Access access, int bucket, NodeId of, String asking) {
        return access.script(Script.LEAVE, bucket)
                .key(access.keys().holdings(bucket, of))
                .key(access.keys().groups(bucket))
                .arg(access.idleMillis())
                .arg(asking)
                .arg(incarnation(of))
                .arg(access.creation())
                .arg(PublishRequest.policyBytes(GroupPolicy.DEFAULT));
    }

    private static Buffer incarnation(NodeId node) {
        return Buffer.buffer(Long.BYTES).appendLong(node.incarnation());
    }
}
