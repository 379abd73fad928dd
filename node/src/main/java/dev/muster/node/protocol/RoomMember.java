package dev.muster.node.protocol;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Message;
import dev.muster.node.room.Member;
import dev.muster.node.room.Rooms;
import dev.muster.node.room.Sender;
import dev.muster.node.session.Session;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol keeps of a connection that is in one room from its beginning to its end: how to come in, how to say
 * something, and what to tell the client when that fails.
 *
 * <p>A client that says more than the registry takes is not read from until the registry has caught up, so that it
 * waits instead of making the node remember what it said.
 */
public final class RoomMember {

    /** Bytes said and not yet answered by the registry, over which the client is not read from. */
    static final long MAX_UNANSWERED = 1 << 20;

    /** What a message takes beside its payload. */
    private static final int MESSAGE_WEIGHT = 256;

    private final Member member;
    private final Member client;
    private final String room;
    private final Map<String, String> headers;
    private final Map<String, String> said;
    private final AtomicLong unanswered = new AtomicLong();
    private volatile boolean paused;
    private @Nullable Identity judged;
    private boolean maySend;
    private Runnable caughtUp = () -> {};

    /**
     * @param member the connection and its protocol's encoder
     * @param room the room
     */
    public RoomMember(Member member, String room) {
        this(member, member, room);
    }

    private RoomMember(Member member, Member client, String room) {
        this.member = member;
        this.client = client;
        this.room = room;
        this.headers = Sender.of(member.connection()).headers();
        this.said = Form.in(headers, Form.SAID);
    }

    /** The connection's own, kept with it by {@link #enter}. */
    public static RoomMember of(Connection connection) {
        if (connection.attachment() instanceof RoomMember self) {
            return self;
        }
        throw new IllegalStateException("connection " + connection.id() + " is in no room");
    }

    /** The connection. */
    public Connection connection() {
        return member.connection();
    }

    /** As it was made. */
    public Member member() {
        return member;
    }

    /** Its room. */
    public String room() {
        return room;
    }

    /** What its messages carry, see {@link Sender#headers}. */
    public Map<String, String> headers() {
        return headers;
    }

    /** What text carries that is said in another protocol than the relay. */
    public Map<String, String> saidHeaders() {
        return said;
    }

    /** Joins; if that fails the client is told to come back, unless it would fail again. */
    public Future<Void> enter(Rooms rooms) {
        member.connection().attach(this);
        if (!member.connection().identity().mayJoin(room)) {
            return Future.failedFuture(new CloseException(CloseReason.FORBIDDEN));
        }
        return rooms.join(member, room).<Void>mapEmpty().recover(failure -> Future.failedFuture(closing(failure)));
    }

    /**
     * Lets a client into a room as it asks: with acknowledgements ({@code ?ack=true}), with history ({@code ?history=},
     * {@code ?since=}), or with neither. On the connection's loop.
     *
     * @param acked what it gets with acknowledgements
     */
    public static Future<Void> enter(ProtocolContext context, Entrant client, String room, AckEnvelope acked) {
        Connection connection = client.connection();
        if (!client.ask().ack()) {
            return new RoomMember(client, room).enter(context.rooms());
        }
        if (!connection.identity().mayJoin(room)) {
            return Future.failedFuture(new CloseException(CloseReason.FORBIDDEN));
        }
        return context.sessions()
                .open(connection, room, acked, client.ask(), hello -> client.greet(room, hello))
                .<Void>map(session -> {
                    connection.attach(new RoomMember(session, client, room));
                    return null;
                })
                .recover(failure -> Future.failedFuture(closing(failure)));
    }

    /** What its protocol keeps of it: who came in. */
    public Member client() {
        return client;
    }

    /** Whether it acknowledges what it gets. */
    public boolean isAcked() {
        return member != client;
    }

    /**
     * Takes an acknowledgement.
     *
     * @param onFailure told what was wrong with it
     * @return false if the message is something else
     */
    public boolean takesAck(Message message, BiConsumer<ErrorCode, String> onFailure) {
        AckFrame ack = AckFrame.of(message);
        if (ack == null) {
            return false;
        }
        if (!(member instanceof Session session)) {
            onFailure.accept(ErrorCode.FORBIDDEN, "messages are acknowledged on connections with ack=true only");
        } else if (!session.ack(ack.id())) {
            onFailure.accept(ErrorCode.INVALID_MESSAGE, "the id of an ACK must be that of a message that was sent");
        }
        return true;
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
     * Says something in the room. On the connection's loop.
     *
     * @param onFailure told why the message was not accepted; on any thread
     */
    public void publish(
            Rooms rooms, ContentType type, Buffer payload, Map<String, String> headers, Consumer<ErrorCode> onFailure) {
        publish(rooms, type, payload, headers, false, onFailure);
    }

    /**
     * Says something in the room. On the connection's loop.
     *
     * @param fast whether it has no place in the room's order, and may be lost
     * @param onFailure told why the message was not accepted; on any thread
     */
    public void publish(
            Rooms rooms,
            ContentType type,
            Buffer payload,
            Map<String, String> headers,
            boolean fast,
            Consumer<ErrorCode> onFailure) {
        publish(rooms, new Draft(member.connection().id(), type, payload, headers, fast, null, null), onFailure);
    }

    /**
     * Says something in the room. On the connection's loop.
     *
     * @param draft whose sender is this connection
     * @param onFailure told why the message was not accepted; on any thread
     */
    public void publish(Rooms rooms, Draft draft, Consumer<ErrorCode> onFailure) {
        publish(rooms, draft, (code, failure) -> onFailure.accept(code));
    }

    /**
     * Says something in the room. On the connection's loop.
     *
     * @param draft whose sender is this connection
     * @param onFailure told why the message was not accepted, with the failure behind it, or null if it was not tried; on
     *     any thread
     */
    public void publish(Rooms rooms, Draft draft, BiConsumer<ErrorCode, @Nullable Throwable> onFailure) {
        if (!maySend()) {
            onFailure.accept(ErrorCode.FORBIDDEN, null);
            return;
        }
        int weight = MESSAGE_WEIGHT + draft.payload().length();
        try {
            Future<?> published = rooms.say(member, room, draft);
            asked(weight);
            published.onComplete((done, failure) -> {
                answered(weight);
                if (failure != null) {
                    onFailure.accept(ErrorCode.of(failure), failure);
                }
            });
        } catch (IllegalArgumentException tooBig) {
            onFailure.accept(ErrorCode.of(tooBig), tooBig);
        }
    }

    /** Whether it may say anything in the room. On the loop. */
    public boolean maySend() {
        // Patterns are tried once for each identity: a newer token may bring other roles.
        Identity identity = member.connection().identity();
        if (!identity.equals(judged)) {
            maySend = identity.maySend(room);
            judged = identity;
        }
        return maySend;
    }

    /** Whether what was said is more than the registry has taken: to be asked before more is said. On the loop. */
    public boolean isBehind() {
        return paused;
    }

    /**
     * For a protocol that gets several messages in one piece and keeps the rest while this {@link #isBehind()}: called
     * on the loop when it may go on, before the client is read from again.
     */
    public void onCaughtUp(Runnable goOn) {
        caughtUp = goOn;
    }

    /**
     * Something that the client sent is kept until it can be said: counts as what the registry has not taken yet. On the
     * loop.
     *
     * @param bytes how long it is
     */
    public void begun(int bytes) {
        asked(MESSAGE_WEIGHT + bytes);
    }

    /** It is kept no more. Any thread. */
    public void ended(int bytes) {
        answered(MESSAGE_WEIGHT + bytes);
    }

    private void asked(int weight) {
        if (unanswered.addAndGet(weight) > MAX_UNANSWERED && !paused) {
            paused = true;
            member.connection().pause();
            // All answers may have come between the two lines above, and nobody else would notice.
            goOn();
        }
    }

    private void answered(int weight) {
        long left = unanswered.addAndGet(-weight);
        if (paused && left <= MAX_UNANSWERED / 2) {
            member.connection().loop().execute(this::goOn);
        }
    }

    private void goOn() {
        if (paused && unanswered.get() <= MAX_UNANSWERED / 2) {
            paused = false;
            caughtUp.run();
            if (!paused) {
                member.connection().resume();
            }
        }
    }
}
