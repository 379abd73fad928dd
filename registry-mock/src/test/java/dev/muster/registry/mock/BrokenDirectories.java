package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Registries that break a rule about life, connections or membership. */
final class BrokenDirectories {

    private BrokenDirectories() {}

    private static Reason reason(Throwable failure) {
        return failure instanceof RegistryException known ? known.reason() : Reason.REJECTED;
    }

    /** R01: its answers come on whatever thread has them. */
    static final class AnswersAnywhere extends ForwardingRegistry {
        AnswersAnywhere(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Long> memberCount(String group) {
            Promise<Long> anywhere = Promise.promise();
            sound.memberCount(group).onComplete(count -> new Thread(() -> anywhere.handle(count)).start());
            return anywhere.future();
        }
    }

    /** R02: it waits for an answer as long as it takes. */
    static final class Hangs extends ForwardingRegistry {
        Hangs(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        <T> Future<T> answer(Future<T> answer) {
            Promise<T> patient = Promise.promise();
            answer.onComplete(done -> {
                if (done.succeeded() || reason(done.cause()) != Reason.TIMEOUT) {
                    patient.handle(done);
                }
            });
            return patient.future();
        }
    }

    /** R03: a closed one seems to be out of reach only. */
    static final class NeverClosed extends ForwardingRegistry {
        NeverClosed(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        <T> Future<T> answer(Future<T> answer) {
            return answer.recover(failure -> Future.failedFuture(
                    reason(failure) == Reason.CLOSED
                            ? new RegistryException(Reason.UNAVAILABLE, "try again later")
                            : failure));
        }
    }

    /** R04: leaving always claims to have changed something. */
    static final class LeavesTheUnknown extends ForwardingRegistry {
        LeavesTheUnknown(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Boolean> leave(String connectionId, String group) {
            return sound.leave(connectionId, group).map(changed -> true);
        }
    }

    /** R05: lets connections join that nobody registered. */
    static final class JoinsTheUnknown extends ForwardingRegistry {
        JoinsTheUnknown(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
            return sound.join(connectionId, group, policy)
                    .recover(unknown -> sound.register(new ConnectionRecord(
                                    connectionId, self(), "websocket", null, null, connectionId, Instant.EPOCH))
                            .compose(registered -> sound.join(connectionId, group, policy)));
        }
    }

    /** R06: unregister removes whatever record there is. */
    static final class RemovesNewerRecords extends ForwardingRegistry {
        private final InMemoryCluster cluster;

        RemovesNewerRecords(InMemoryCluster cluster, ConnectionRegistry sound) {
            super(sound);
            this.cluster = cluster;
        }

        @Override
        public Future<Boolean> unregister(String connectionId) {
            cluster.backend.exclusively(() -> {
                ClusterState state = cluster.backend.state();
                ConnectionRecord record = state.locate(connectionId);
                if (record != null) {
                    state.unregister(record.node(), connectionId);
                }
            });
            return sound.unregister(connectionId).map(here -> true);
        }
    }

    /** R07: each node knows its own members only. */
    static final class ForgetsMembers extends ForwardingRegistry {
        ForgetsMembers(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
            NodeId self = self();
            return sound.members(group, cursor, limit)
                    .map(page -> new Page<>(
                            page.items().stream()
                                    .filter(each -> each.node().equals(self))
                                    .toList(),
                            page.next()));
        }

        @Override
        public Future<Long> memberCount(String group) {
            return members(group, null, 1000).map(page -> (long) page.items().size());
        }
    }

    /** R08: keeps a watch on every group that was ever joined. */
    static final class LeaksGroups extends ForwardingRegistry {
        LeaksGroups(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
            return sound.watch(group).compose(watched -> sound.join(connectionId, group, policy));
        }
    }

    /** R09: joining again leaves first. */
    static final class JoinsAnew extends ForwardingRegistry {
        JoinsAnew(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
            sound.leave(connectionId, group);
            return sound.join(connectionId, group, policy);
        }
    }

    /** R10: takes names that differ in case for one. */
    static final class FoldsNames extends ForwardingRegistry {
        FoldsNames(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
            return sound.join(connectionId, group.toLowerCase(Locale.ROOT), policy);
        }

        @Override
        public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
            return sound.members(group.toLowerCase(Locale.ROOT), cursor, limit);
        }
    }

    /** R19: what it sends to nobody, everybody gets. */
    static final class BroadcastsBytes extends ForwardingRegistry {
        private final InMemoryCluster cluster;

        BroadcastsBytes(InMemoryCluster cluster, ConnectionRegistry sound) {
            super(sound);
            this.cluster = cluster;
        }

        @Override
        public Future<Boolean> send(String connectionId, Buffer payload) {
            return sound.send(connectionId, payload).map(sent -> {
                if (!sent) {
                    cluster.backend.broadcast(new Delivery.OfBytes(connectionId, payload));
                }
                return true;
            });
        }
    }

    /** R25: closing is like dying, only sooner. */
    static final class ClosesWithoutLeaving extends ForwardingRegistry {
        private final InMemoryCluster cluster;
        private final String name;

        ClosesWithoutLeaving(InMemoryCluster cluster, ConnectionRegistry sound) {
            super(sound);
            this.cluster = cluster;
            name = sound.self().name();
        }

        @Override
        public Future<Void> close() {
            if (cluster.runs(name)) {
                cluster.crash(name);
            }
            return sound.close();
        }
    }
}
