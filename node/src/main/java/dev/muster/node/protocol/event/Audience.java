package dev.muster.node.protocol.event;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.node.event.Event;
import dev.muster.registry.Publication;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The event connections of this node: those who are told what is for no room. Any thread. */
final class Audience {

    /** The header with the user an event is for, or the connection of somebody without a user id. */
    static final String TO = "to";

    /** The header with the one connection an event is for. */
    static final String TO_CONNECTION = "toc";

    private record FrameKey(String name, Framing framing) {}

    /** By the connection, not its id: who resumes a session takes over the id of another. */
    private final ConcurrentHashMap<Connection, EventMember> members = new ConcurrentHashMap<>();

    void add(EventMember member) {
        members.put(member.connection(), member);
    }

    void remove(Connection connection) {
        members.remove(connection);
    }

    /** Brings an {@link Event} to those of this node it is for. */
    void onBroadcast(Publication publication) {
        Map<EventLoop, List<EventMember>> byLoop = new HashMap<>();
        for (EventMember member : members.values()) {
            if (isFor(publication, member.connection())) {
                byLoop.computeIfAbsent(member.connection().loop(), loop -> new ArrayList<>())
                        .add(member);
            }
        }
        if (byLoop.isEmpty()) {
            return;
        }
        String id = ServerFrames.id();
        byLoop.forEach((loop, some) -> loop.execute(() -> offer(publication, id, some)));
    }

    private static boolean isFor(Publication publication, Connection connection) {
        String one = publication.headers().get(TO_CONNECTION);
        if (one != null) {
            return one.equals(connection.id());
        }
        String user = publication.headers().get(TO);
        return user == null || user.equals(connection.identity().userId()) || user.equals(connection.id());
    }

    /** Encodes once for each name it was asked for by. */
    private static void offer(Publication publication, String id, List<EventMember> some) {
        String channel = EventEncoder.name(publication);
        Map<FrameKey, ByteBuf> frames = new HashMap<>();
        try {
            for (EventMember member : some) {
                String name = member.nameOf(channel);
                if (name != null) {
                    ByteBuf frame = frames.computeIfAbsent(
                            new FrameKey(name, member.connection().framing()),
                            key -> key.framing()
                                    .text(ServerFrames.event(
                                            name, id, publication.payload().toString())));
                    member.connection().offer(frame.retain());
                }
            }
        } finally {
            frames.values().forEach(ByteBuf::release);
        }
    }
}
