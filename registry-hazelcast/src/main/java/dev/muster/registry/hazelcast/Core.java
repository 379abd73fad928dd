package dev.muster.registry.hazelcast;

import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the parts of one registry share: who this node is, the member it runs in, and what it holds. */
final class Core {

    private final RegistryContext context;
    private final HazelcastOptions options;
    private final GroupPipes pipes = new GroupPipes(this::send);
    private final Holdings holdings = new Holdings(pipes, this::self);
    private final Callbacks callbacks;
    private final Nodes nodes;
    private final Directory directory = new Directory(this::member, this::self, this::former, holdings);
    private final AtomicLong batches = new AtomicLong();
    private final Set<Long> former = ConcurrentHashMap.newKeySet();

    private volatile NodeId self;
    private volatile @Nullable EmbeddedMember member;

    Core(RegistryContext context, HazelcastOptions options) {
        this.context = context;
        this.options = options;
        callbacks = new Callbacks(context.vertx(), holdings::isWatched);
        nodes = new Nodes(callbacks, id -> member().side().member(id) != null);
        self = NodeId.fresh(context.nodeName());
    }

    RegistryContext context() {
        return context;
    }

    HazelcastOptions options() {
        return options;
    }

    GroupPipes pipes() {
        return pipes;
    }

    Holdings holdings() {
        return holdings;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    Nodes nodes() {
        return nodes;
    }

    Directory directory() {
        return directory;
    }

    NodeId self() {
        return self;
    }

    /** Earlier incarnations of this node. */
    Set<Long> former() {
        return former;
    }

    /** From now on this node is {@code next}. */
    void become(NodeId next) {
        NodeId before = self;
        former.add(before.incarnation());
        self = next;
        member().side().inbox().livesAs(next.incarnation());
        callbacks.control(to -> to.onIncarnation(next, before));
    }

    /** The member; fails with UNAVAILABLE while there is none. */
    EmbeddedMember member() {
        EmbeddedMember present = member;
        if (present == null) {
            throw new RegistryException(Reason.UNAVAILABLE, "the Hazelcast member is not running yet");
        }
        return present;
    }

    boolean hasMember() {
        return member != null;
    }

    /** Starts a member in the place of the one before, if there was one. Blocks. */
    EmbeddedMember startMember(OwnerSide.Answering answering) {
        member = null;
        Inbox inbox = new Inbox(callbacks, () -> callbacks.control(RegistryListener::onLinkReplaced));
        OwnerSide side = new OwnerSide(context.timings(), inbox);
        side.answerWith(answering);
        inbox.livesAs(self.incarnation());
        EmbeddedMember started = EmbeddedMember.start(context, options, side);
        member = started;
        return started;
    }

    NodeRef here() {
        return new NodeRef(member().id(), self.incarnation());
    }

    private CompletionStage<BatchAnswer> send(String group, List<GroupOp> ops) {
        GroupBatch batch = new GroupBatch(here(), batches.incrementAndGet(), ops);
        return member().groups().submitToKey(group, batch);
    }

    /** Everything this node holds has to be compared with the cluster. */
    void doubtAll() {
        directory.doubtAll();
        holdings.doubtful().addAll(holdings.groupNames());
    }
}
