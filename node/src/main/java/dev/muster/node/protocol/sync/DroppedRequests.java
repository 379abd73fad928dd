package dev.muster.node.protocol.sync;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.Notices;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The requests of one connection that were dropped because there were too many. The client is told of the first at once,
 * and of those that follow together, at most once a second: whoever waits for an answer hears which requests get none. On
 * the connection's loop.
 */
final class DroppedRequests {

    /** Between two errors. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    /** Named in one error; what else is dropped in that second is not looked at. */
    static final int MOST = 1_000;

    /** Larger ones are not taken apart only to be dropped. */
    static final int MAX_LENGTH = 16_384;

    /** Does something after a time on the connection's loop. */
    @FunctionalInterface
    interface Timer {
        void after(Duration time, Runnable task);
    }

    private final Consumer<String> to;
    private final Timer timer;

    /** By the member that names them, in their order. */
    private final Map<String, List<Long>> ids = new LinkedHashMap<>();

    private int count;
    private boolean hasNameless;
    private boolean toldLately;

    DroppedRequests(Connection connection) {
        this(text -> offer(connection, text), (time, task) -> schedule(connection, time, task));
    }

    private static void offer(Connection connection, String text) {
        if (connection.isOpen()) {
            connection.sendText(text);
        }
    }

    /** Nobody has to hear whether it was done: if the loop has ended, so has the connection. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void schedule(Connection connection, Duration time, Runnable task) {
        connection.loop().schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * @param to sends an error
     */
    DroppedRequests(Consumer<String> to, Timer timer) {
        this.to = to;
        this.timer = timer;
    }

    /** One more. */
    void add(Message message) {
        if (count >= MOST || !message.isText() || message.payload().length() > MAX_LENGTH) {
            hasNameless = true;
            return;
        }
        try {
            SyncFrame frame = SyncFrame.of(message.payload());
            String member = RequestReader.idMember(frame);
            Long id = RequestReader.idOf(frame, member);
            if (id == null) {
                hasNameless = true;
                return;
            }
            ids.computeIfAbsent(member, first -> new ArrayList<>()).add(id);
            count++;
        } catch (SyncFrame.Malformed unreadable) {
            hasNameless = true;
        }
    }

    /** The client is to be told: now, or as soon as the last time is long enough ago. */
    void tell(Notice.Limited limited) {
        if (!toldLately) {
            send(limited.pause());
        }
    }

    private void send(Duration pause) {
        toldLately = true;
        to.accept(frame(pause));
        ids.clear();
        count = 0;
        hasNameless = false;
        timer.after(PERIOD, this::over);
    }

    private void over() {
        toldLately = false;
        if (count > 0 || hasNameless) {
            // By now there is room again, or the client hears of it when it says something.
            send(Duration.ZERO);
        }
    }

    private String frame(Duration pause) {
        return Json.text(generator -> {
            generator.writeStringField("type", "ERROR");
            generator.writeStringField("code", ErrorCode.RATE_LIMITED.code());
            generator.writeStringField(
                    "message",
                    pause.isZero() ? ErrorCode.RATE_LIMITED.sentence() : Notices.sentence(new Notice.Limited(pause)));
            generator.writeNumberField("retryAfterMs", pause.toMillis());
            for (Map.Entry<String, List<Long>> each : ids.entrySet()) {
                write(generator, each.getKey(), each.getValue());
            }
            if (hasNameless && count > 0) {
                generator.writeBooleanField("more", true);
            }
        });
    }

    private static void write(JsonGenerator generator, String member, List<Long> ids) throws IOException {
        if (ids.size() == 1) {
            JsonSyncWire.id(generator, member, ids.get(0));
            return;
        }
        generator.writeArrayFieldStart(member + "s");
        for (Long id : ids) {
            generator.writeNumber(Long.toUnsignedString(id));
        }
        generator.writeEndArray();
    }
}
