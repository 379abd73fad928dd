package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The links from this member to all nodes. Safe from any thread; never blocks. */
final class Links {

    private static final Logger LOG = LoggerFactory.getLogger(Links.class);

    private static final long RETRY_MILLIS = 100;

    private final OwnerSide here;
    private final ConcurrentHashMap<NodeRef, Link> links = new ConcurrentHashMap<>();

    Links(OwnerSide here) {
        this.here = here;
    }

    /**
     * Hands a parcel to the link of a node.
     *
     * @return false if the node's member is not in the cluster
     */
    boolean offer(NodeRef target, byte[] parcel) {
        if (target.member().equals(here.memberId())) {
            return here.inbox().acceptOwn(target.incarnation(), parcel);
        }
        if (here.member(target.member()) == null) {
            links.remove(target);
            return false;
        }
        Link link = links.computeIfAbsent(target, Link::new);
        send(link, link.offer(parcel));
        return true;
    }

    private void send(Link link, @Nullable Frame frame) {
        if (frame == null) {
            return;
        }
        Member member = here.member(link.target().member());
        if (member == null) {
            links.remove(link.target(), link);
            return;
        }
        try {
            here.frames().submitToMember(frame, member, new ExecutionCallback<Boolean>() {
                @Override
                public void onResponse(Boolean accepted) {
                    arrived(link, accepted);
                }

                @Override
                public void onFailure(Throwable failure) {
                    failed(link, failure);
                }
            });
        } catch (HazelcastInstanceNotActiveException | RejectedExecutionException closing) {
            links.remove(link.target(), link);
        }
    }

    private void arrived(Link link, boolean accepted) {
        if (accepted) {
            send(link, link.arrived());
        } else {
            // Another incarnation lives there now; groups that still name this one will be swept.
            links.remove(link.target(), link);
        }
    }

    private void failed(Link link, Throwable failure) {
        if (here.member(link.target().member()) == null) {
            links.remove(link.target(), link);
            return;
        }
        LOG.debug("A frame to {} failed, sending it again", link.target(), failure);
        CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS).execute(() -> send(link, link.again()));
    }

    /** Whether everything offered so far has arrived. */
    boolean idle() {
        return links.values().stream().allMatch(Link::idle);
    }
}
