package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Connection;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.external.ExternalClient;
import dev.muster.node.sync.external.ExternalSpaces;
import dev.muster.node.sync.external.Seen;
import dev.muster.registry.Limits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a room that has a space. What it says about entities is done in the space first, and relayed when that has
 * worked; its other frames stay in their order with that. On the connection's loop.
 */
final class RoomSpace {

    private static final Logger LOG = LoggerFactory.getLogger(RoomSpace.class);

    /** Entities in a hello. */
    static final int MAX_ENTITIES = 1_000;

    /** Their bytes: a quarter of what may wait for a client. */
    static final long MAX_BYTES = 256 << 10;

    private final ExternalSpaces spaces;
    private final Connection connection;
    private final String space;
    private final Line line = new Line();
    private @Nullable Future<ExternalClient> client;
    /** Completes on the loop. */
    private Future<?> lastAsked = Future.succeededFuture();

    private boolean closed;

    RoomSpace(ExternalSpaces spaces, Connection connection, String space) {
        this.spaces = spaces;
        this.connection = connection;
        this.space = space;
    }

    /** Told what to answer. */
    interface Answer {
        void refuse(ErrorCode code, String sentence);
    }

    /** Says something when all that the client said before was said. */
    void inOrder(RoomMember self, int bytes, Runnable action) {
        if (line.isEmpty()) {
            action.run();
            return;
        }
        self.begun(bytes);
        line.add(() -> {
            self.ended(bytes);
            action.run();
        });
    }

    /**
     * Does what a frame wants with an entity.
     *
     * @param relay passes it on, if that has worked
     */
    void change(RoomMember self, ProtobufFrame looked, Buffer frame, Runnable relay, Answer answer) {
        int bytes = frame.length();
        if (!self.maySend()) {
            inOrder(self, bytes, () -> answer.refuse(ErrorCode.FORBIDDEN, ErrorCode.FORBIDDEN.sentence()));
            return;
        }
        EntityFrame wanted;
        try {
            wanted = EntityFrame.of(looked, frame);
        } catch (EntityFrame.Invalid invalid) {
            inOrder(self, bytes, () -> answer.refuse(ErrorCode.INVALID_MESSAGE, invalid.sentence()));
            return;
        }
        self.begun(bytes);
        Line.Place place = line.keep();
        opened().compose(wanted::apply)
                .onComplete(made -> connection.loop().execute(() -> {
                    self.ended(bytes);
                    line.fill(place, made.succeeded() ? relay : () -> refuse(wanted.id(), made.cause(), answer));
                }));
    }

    private static void refuse(String id, Throwable failure, Answer answer) {
        SyncException why = SyncException.of(failure);
        if (why.status() == Status.INTERNAL_ERROR) {
            LOG.debug("A client's change of a space failed", failure);
        }
        answer.refuse(ErrorCode.of(why.status()), "entity \"" + Limits.shown(id) + "\": " + why.getMessage());
    }

    /**
     * What there is in the space. One after another: each may be large. Any thread.
     *
     * @return completes on the loop
     */
    Future<List<Seen>> entities() {
        Promise<List<Seen>> promise = Promise.promise();
        connection.loop().execute(() -> {
            lastAsked.onComplete(before -> opened().compose(there -> there.entities(MAX_ENTITIES, MAX_BYTES))
                    .onComplete(seen -> connection.loop().execute(() -> promise.handle(seen))));
            lastAsked = promise.future();
        });
        return promise.future();
    }

    /** Opened with the first that needs it; after a failure, with the next. */
    private Future<ExternalClient> opened() {
        Future<ExternalClient> now = client;
        if (now == null || now.failed()) {
            now = closed
                    ? Future.failedFuture(new SyncException(Status.INTERNAL_ERROR, "the connection is closed"))
                    : spaces.open(connection, space);
            client = now;
        }
        return now;
    }

    /** The connection is gone. */
    void close() {
        closed = true;
        Future<ExternalClient> now = client;
        if (now != null) {
            now.onSuccess(ExternalClient::end);
        }
    }
}
