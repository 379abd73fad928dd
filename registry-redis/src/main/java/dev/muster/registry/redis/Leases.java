package dev.muster.registry.redis;

import dev.muster.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * This node's lease and those of the others. Time is the server's; a node judges its own lease by its monotonic clock
 * from when it sent the last heartbeat that was answered, and stops serving before the server lets the lease end.
 */
final class Leases {

    private final Home home;
    private final Access access;
    private final Watches watches;
    private final long leaseMillis;
    private volatile Set<NodeId> up = Set.of();
    private final Set<NodeId> known = new TreeSet<>();
    private long confirmed;
    private boolean beating;
    private boolean overdue;

    Leases(Home home, Access access, Watches watches) {
        this.home = home;
        this.access = access;
        this.watches = watches;
        this.leaseMillis = access.context().timings().lease().toMillis();
    }

    /** The nodes that are up, as far as this one knows. From any thread. */
    Set<NodeId> up() {
        return up;
    }

    /** Takes the lease in all buckets. The answer is the least favourable of them: INUSE with the id, FENCED, NEW, ALIVE. */
    Future<List<String>> enter() {
        long sent = home.now();
        RedisKeys keys = access.keys();
        List<Future<List<String>>> answers = new ArrayList<>();
        for (int bucket = 0; bucket < keys.buckets(); bucket++) {
            Evaluation call = access.script(Script.ENTER, bucket)
                    .key(keys.buried(bucket))
                    .arg(access.owner())
                    .arg(access.self().toString())
                    .arg(access.self().name())
                    .arg(leaseMillis)
                    .arg(keys.nodeChannels());
            answers.add(access.evaluate(call, true)
                    .map(answer -> answer.stream().map(Response::toString).toList()));
        }
        return Future.all(answers).map(all -> {
            confirmed = sent;
            for (String worst : List.of("INUSE", "FENCED", "NEW")) {
                for (Future<List<String>> answer : answers) {
                    if (answer.result().get(0).equals(worst)) {
                        return answer.result();
                    }
                }
            }
            return List.of("ALIVE");
        });
    }

    /** Whether the lease may be taken for held: some time is left of it. */
    boolean isSure() {
        return home.now() - confirmed < leaseMillis * 800_000;
    }

    /** Whether somebody has not renewed a lease for long: it may be about to end, and all are to hear of it soon. */
    boolean isAnyOverdue() {
        return overdue;
    }

    /** Renews the lease, and learns who is up. */
    Future<Void> beat() {
        if (beating) {
            return Future.succeededFuture();
        }
        beating = true;
        long sent = home.now();
        List<Future<Response>> answers = new ArrayList<>();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            Evaluation call = access.script(Script.HEARTBEAT, bucket)
                    .key(access.keys().buried(bucket))
                    .arg(access.owner())
                    .arg(access.self().toString())
                    .arg(leaseMillis);
            answers.add(access.evaluate(call, true));
        }
        return Future.all(answers).onComplete(done -> beating = false).map(all -> {
            confirmed = sent;
            see(answers.get(0).result());
            return null;
        });
    }

    private void see(Response answer) {
        boolean patient = Objects.requireNonNull(answer.get(0)).toLong() == 1;
        Set<NodeId> present = new HashSet<>();
        Set<NodeId> late = new HashSet<>();
        Set<NodeId> dead = new HashSet<>();
        boolean somebodyLate = false;
        for (int i = 1; i < answer.size(); i++) {
            String text = Objects.requireNonNull(answer.get(i)).toString();
            NodeId node = NodeId.parse(text.substring(1));
            switch (text.charAt(0)) {
                case '+' -> present.add(node);
                case '?' -> {
                    present.add(node);
                    somebodyLate = true;
                }
                case '=' -> {
                    late.add(node);
                    somebodyLate = true;
                }
                default -> dead.add(node);
            }
        }
        overdue = somebodyLate;
        Set<NodeId> gone = new TreeSet<>(known);
        gone.removeAll(present);
        gone.removeAll(late);
        gone.remove(access.self());
        if (patient) {
            // The server may have lost the leases with its data: until it is certain, only the dead are gone, and
            // those who came back as somebody else.
            gone.removeIf(node -> !dead.contains(node)
                    && present.stream().noneMatch(other -> other.name().equals(node.name())));
        }
        present.removeAll(known);
        known.removeAll(gone);
        known.addAll(present);
        up = Collections.unmodifiableSet(new TreeSet<>(known));
        // The old life of a node ends before its new one begins (R21).
        gone.forEach(node -> watches.guarded(told -> told.onNodeDown(node)));
        present.forEach(node -> {
            if (!node.equals(access.self())) {
                watches.guarded(told -> told.onNodeUp(node));
            }
        });
    }

    /** This node is somebody else now. */
    void changeIncarnation(NodeId from) {
        known.remove(from);
    }

    void clear() {
        known.clear();
        up = Set.of();
    }

    /** Gives up the lease: from here on this node is swept like a dead one. */
    Future<Void> retire() {
        List<Future<Response>> answers = new ArrayList<>();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            answers.add(access.evaluate(
                    access.script(Script.RETIRE, bucket)
                            .arg(access.owner())
                            .arg(access.self().toString()),
                    true));
        }
        return Future.all(answers).mapEmpty();
    }
}
