package dev.muster.node.protocol.packet;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Refusal;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Payload;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Member;
import dev.muster.node.sync.session.Request;
import dev.muster.node.sync.session.SyncSession;
import dev.muster.registry.ContentType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection that speaks packets. Lives on its loop. */
final class PacketSession {

    private static final Logger LOG = LoggerFactory.getLogger(PacketSession.class);

    private final Connection connection;
    private final ProtocolContext context;
    private final PacketSyncWire wire;
    private final PacketStream stream = new PacketStream(Packet.MAX_BYTES);
    private RoomMember member;
    private boolean first = true;
    /** Nothing but tokens has come. */
    private boolean undecided = true;

    private boolean reading;
    /** Something is under way, and what comes behind it waits: a token that is looked at, a space that is opened. */
    private boolean waiting;

    private @Nullable SyncSession sync;

    private record PacketMember(Connection connection) implements Member {
        @Override
        public Encoder encoder() {
            return PacketEncoder.INSTANCE;
        }
    }

    /**
     * @param wire how clients of spaces are told
     */
    PacketSession(Connection connection, ProtocolContext context, PacketSyncWire wire) {
        this.connection = connection;
        this.context = context;
        this.wire = wire;
        this.member = newMember();
    }

    /** A member goes by the name that the connection has now. */
    private RoomMember newMember() {
        RoomMember made = new RoomMember(new PacketMember(connection), context.packetRoom());
        made.onCaughtUp(this::read);
        return made;
    }

    Future<Void> enter() {
        Future<Void> entered = member.enter(context.rooms());
        connection.attach(this);
        return entered;
    }

    /** The next bytes from the client, packets in any portions. */
    void take(Buffer bytes) {
        stream.add(Payload.of(bytes));
        read();
        if (isBehind()) {
            // One of the two may have caught up and read on, while the other has not.
            connection.pause();
        }
    }

    private boolean isBehind() {
        SyncSession entities = sync;
        return member.isBehind() || entities != null && entities.isBehind();
    }

    /** The connection is gone. */
    void close() {
        SyncSession entities = sync;
        if (entities != null) {
            entities.close();
        }
    }

    /** Handles what is here, until the registry is behind: the rest waits until it has caught up. */
    private void read() {
        if (reading) {
            return;
        }
        reading = true;
        try {
            while (connection.isOpen() && !waiting && !isBehind()) {
                ByteBuf bytes = stream.next();
                if (bytes == null) {
                    return;
                }
                Packet packet = Packet.read(bytes);
                if (connection.mayTake(packet.isControl())) {
                    handle(packet);
                }
            }
        } catch (PacketStream.TooLong tooLong) {
            if (first) {
                WrongPort.tell(connection, tooLong.length());
            }
            broken(ErrorCode.TOO_BIG, CloseReason.TOO_BIG, tooLong);
        } catch (BincodeException undecodable) {
            broken(ErrorCode.INVALID_MESSAGE, CloseReason.PROTOCOL_ERROR, undecodable);
        } finally {
            reading = false;
        }
    }

    /** What follows cannot be told from what was meant: the connection ends. */
    private void broken(ErrorCode code, CloseReason reason, Exception why) {
        LOG.debug("A packet cannot be read, the connection is closed: id={} {}", connection.id(), why.getMessage());
        context.badInput().count(PacketProtocol.NAME, code);
        connection.close(reason.saying(String.valueOf(why.getMessage())));
    }

    private void handle(Packet packet) throws BincodeException {
        boolean isFirst = first;
        first = false;
        PacketType type = packet.type();
        if (type == PacketType.AUTHENTICATE) {
            identify(new BincodeReader(packet.data()).string(), isFirst);
            return;
        }
        if (undecided && type != null && type.isSync()) {
            leave();
        }
        undecided = false;
        if (type == PacketType.USER_CHAT_MESSAGE) {
            say(new BincodeReader(packet.data()).utf8());
        } else if (type == PacketType.SYNC_CLIENT_MESSAGE) {
            sync(SyncPackets.message(packet.data()));
        } else if (type == PacketType.CONTROL_REQUEST) {
            sync(SyncPackets.control(packet.data()));
        } else {
            drop(type);
        }
    }

    // ---- entities ----

    private void sync(Request request) {
        SyncSession entities = sync;
        if (entities != null) {
            entities.take(request);
            return;
        }
        waiting = true;
        connection.pause();
        String space = connection.handshake().query().get(Checks.SPACE);
        context.sync().open(connection, wire, space).onComplete((opened, failure) -> {
            waiting = false;
            if (failure instanceof CloseException closing) {
                connection.close(closing.reason());
            } else if (opened != null) {
                begin(opened, request);
            }
        });
    }

    private void begin(SyncSession opened, Request request) {
        sync = opened;
        opened.onCaughtUp(this::read);
        if (!connection.isOpen()) {
            // It went while the space was opened, and nobody else would tell of it.
            opened.close();
            return;
        }
        opened.take(request);
        goOn();
    }

    private void goOn() {
        read();
        if (!waiting && !isBehind()) {
            connection.resume();
        }
    }

    // ---- the room ----

    private void say(ByteBuf utf8) {
        Buffer text = BufferInternal.buffer(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(utf8)));
        member.publish(
                context.rooms(),
                ContentType.TEXT,
                text,
                member.saidHeaders(),
                code -> context.badInput().count(PacketProtocol.NAME, code));
    }

    /** Counted and forgotten: this wire has no answer for it, and what follows can be read all the same. */
    private void drop(@Nullable PacketType type) {
        context.badInput().count(PacketProtocol.NAME, type == null ? ErrorCode.UNKNOWN_TYPE : ErrorCode.FORBIDDEN);
    }

    /** A first token makes a name of nobody, a newer one goes on where the last one ends. */
    private void identify(String token, boolean isFirst) {
        boolean known = connection.identity().authenticated();
        if (!known && !isFirst) {
            drop(PacketType.AUTHENTICATE);
            return;
        }
        waiting = true;
        connection.pause();
        Future<?> identified = known
                ? context.gate().refresh(connection, token)
                : context.gate().login(connection, token).compose(identity -> enterAgain());
        identified.onComplete((done, failure) -> connection.loop().execute(() -> identified(failure)));
    }

    /** Whoever is in the room hears of the name that came in. */
    private Future<Void> enterAgain() {
        return context.rooms().leave(connection, context.packetRoom()).compose(left -> {
            member = newMember();
            return enter();
        });
    }

    private void identified(@Nullable Throwable failure) {
        waiting = false;
        if (failure instanceof CloseException closing) {
            connection.close(closing.reason());
        } else if (failure != null) {
            context.badInput().count(PacketProtocol.NAME, ErrorCode.FORBIDDEN);
            connection.close(failure instanceof Refusal ? CloseReason.UNAUTHORIZED : CloseReason.REGISTRY_UNAVAILABLE);
        } else {
            goOn();
        }
    }

    private void leave() {
        context.rooms()
                .leave(connection, context.packetRoom())
                .onFailure(failure -> LOG.debug("A connection for entities could not leave the room", failure));
    }
}
