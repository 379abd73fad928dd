package dev.muster.registry;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a registry tells its node. Callbacks of one group come one after another on one fixed context of the registry
 * (R23); none may block. One that throws is logged, and delivery goes on.
 */
public interface RegistryListener {

    /**
     * A publication of a watched group, as the transport brought it: it may repeat, come out of order or be missing.
     * {@link GroupFeed} makes an ordered feed of it.
     */
    void onPublication(String group, Publication publication);

    /** A publication to every node ({@link ConnectionRegistry#publishAll}), at most once. */
    void onBroadcast(Publication publication);

    /** Bytes for one connection of this node. The connection may be gone by now; then they are dropped. */
    void onSend(String connectionId, Buffer payload);

    /** Another node is up. */
    void onNodeUp(NodeId node);

    /** Another node is gone, exactly once for each that was up (R20). */
    void onNodeDown(NodeId node);

    /**
     * The link that carries publications broke, was replaced or showed a hole: anything published lately may be
     * missing. All watched groups are to be checked against {@link ConnectionRegistry#heads}.
     */
    void onLinkReplaced();

    /** The backend cannot be used; operations fail fast until {@link #onRecovered()}. Once per outage (R22). */
    void onUnavailable(@Nullable Throwable cause);

    /** The backend can be used again, and what this node holds is registered there. Once per outage (R22). */
    void onRecovered();

    /**
     * Memberships of this node in {@code group} were restored without publications, because the backend had lost
     * them: whoever keeps a list of members reads it again (R22).
     */
    void onMembersReset(String group);

    /** This node lost its lease and came back as {@code now} (R21). Connection ids stay as they are. */
    void onIncarnation(NodeId now, NodeId before);
}
