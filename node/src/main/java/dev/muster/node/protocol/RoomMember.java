package dev.muster.node.protocol;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.room.Member;
import dev.muster.node.room.Rooms;
import dev.muster.node.room.Sender;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a protocol keeps of a connection that is in one room from its beginning to its end: how to come in, how to say
 * something, and what to tell the client when that fails.
 *
 * @param member the connection and its protocol's encoder
 * @param room the room
 * @param headers what its messages carry, see {@link Sender#headers}
 * @param said the same for text that other protocols than the relay let people say
 */
public record RoomMember(Member member, String room, Map<String, String> headers, Map<String, String> said) {

    public RoomMember(Member member, String room) {
        this(member, room, Sender.of(member.connection()).headers());
    }

    private RoomMember(Member member, String room, Map<String, String> headers) {
        this(member, room, headers, Form.in(headers, Form.SAID));
    }

    /** The connection's own, kept with it by {@link #enter}. */
    public static RoomMember of(Connection connection) {
        if (connection.attachment() instanceof RoomMember self) {
            return self;
        }
        throw new IllegalStateException("connection " + connection.id() + " is in no room");
    }

    /** Joins; if that fails the client is told to come back, unless it would fail again. */
    public Future<Void> enter(Rooms rooms) {
        member.connection().attach(this);
        return rooms.join(member, room).<Void>mapEmpty().recover(failure -> Future.failedFuture(closing(failure)));
    }

    private static Throwable closing(Throwable failure) {
        if (failure instanceof RegistryException refused) {
            return new CloseException(
                    refused.reason() == RegistryException.Reason.REJECTED
                            ? CloseReason.BAD_REQUEST.saying(String.valueOf(refused.getMessage()))
                            : CloseReason.REGISTRY_UNAVAILABLE);
        }
        return failure;
    }

    /**
     * Says something in the room.
     *
     * @param onFailure told why the message was not accepted; on the connection's loop, unless the registry answers
     *     elsewhere
     */
    public void publish(
            Rooms rooms, ContentType type, Buffer payload, Map<String, String> headers, Consumer<ErrorCode> onFailure) {
        try {
            rooms.publish(room, new Draft(member.connection().id(), type, payload, headers, false, null, null))
                    .onFailure(failure -> onFailure.accept(ErrorCode.of(failure)));
        } catch (IllegalArgumentException tooBig) {
            onFailure.accept(ErrorCode.of(tooBig));
        }
    }
}
