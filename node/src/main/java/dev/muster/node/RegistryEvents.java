package dev.muster.node;

import dev.muster.node.directory.Directory;
import dev.muster.node.ops.NodeState;
import dev.muster.node.room.Rooms;
import dev.muster.node.sync.Spaces;
import dev.muster.node.sync.session.SyncClients;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what the registry tells to whom it concerns. */
final class RegistryEvents implements RegistryListener {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryEvents.class);

    private final Rooms rooms;
    private final Spaces spaces;
    private final SyncClients clients;
    private final Directory directory;
    private final NodeTalk talk;
    private final NodeState state;

    RegistryEvents(
            Rooms rooms, Spaces spaces, SyncClients clients, Directory directory, NodeTalk talk, NodeState state) {
        this.rooms = rooms;
        this.spaces = spaces;
        this.clients = clients;
        this.directory = directory;
        this.talk = talk;
        this.state = state;
    }

    @Override
    public void onPublication(String group, Publication publication) {
        rooms.onPublication(group, publication);
        spaces.onRegistry(group, publication);
    }

    @Override
    public void onBroadcast(Publication publication) {
        if (!talk.hear(publication)) {
            directory.onBroadcast(publication);
        }
    }

    @Override
    public void onSend(String connectionId, Buffer payload) {
        directory.onSend(connectionId, payload);
    }

    @Override
    public void onMembersReset(String group) {
        rooms.onMembersReset(group);
    }

    @Override
    public void onLinkReplaced() {
        rooms.checkAll();
        spaces.checkAll();
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {
        state.registryLost();
        LOG.warn(
                "The registry is gone: sockets stay, but nobody can join or say anything until it is back: {}",
                cause == null ? "no reason given" : cause.getMessage());
    }

    @Override
    public void onRecovered() {
        state.registryReached();
        LOG.info("The registry can be used again");
        directory.registerAgain();
        rooms.checkAll();
        spaces.checkAll();
    }

    @Override
    public void onNodeUp(NodeId node) {
        LOG.info("Node {} is up", node);
    }

    @Override
    public void onNodeDown(NodeId node) {
        LOG.info("Node {} is gone, and its members with it", node);
        clients.nodeDown(node);
    }

    @Override
    public void onIncarnation(NodeId now, NodeId before) {
        // Connection ids stay: their prefix is where they came from, and nobody routes by it.
        LOG.warn(
                "This node had lost its lease and came back as {} (was {}); its connections are registered again",
                now,
                before);
    }
}
