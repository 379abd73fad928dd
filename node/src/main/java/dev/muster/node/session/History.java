package dev.muster.node.session;

import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.RoomPolicy;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a room from before somebody joined it, as far as the room's policy keeps them. Joins and leaves are no
 * part of it.
 */
public final class History {

    /** Messages one client is given at once. */
    static final int MAX_MESSAGES = 500;

    /** Bytes one client is given at once: less than waits for a socket. */
    static final long MAX_BYTES = 768 << 10;

    /** Joins and leaves that may lie between the messages before a second look is needed. */
    private static final int SLACK = 64;

    private final RoomLog log;
    private final List<RoomPolicy> policies;
    private final Clock clock;

    /**
     * @param policies what clients may ask for; the first that names a room counts
     * @param clock wall time, for the age of messages
     */
    public History(ConnectionRegistry registry, List<RoomPolicy> policies, Clock clock) {
        this.log = new RoomLog(registry);
        this.policies = List.copyOf(policies);
        this.clock = clock;
    }

    /** What {@code ask} wants of a room, up to {@code at}. Never fails for what a client wrote. */
    public Future<Recall> read(String room, Ask ask, Position at) {
        GroupPolicy policy = RoomPolicy.of(policies, room).group();
        if (policy.historyCount() == 0) {
            return missed(at, Miss.DISABLED);
        }
        String since = ask.since();
        return since != null ? since(room, since, at) : newest(room, ask.history(), at, policy);
    }

    private Future<Recall> since(String room, String text, Position at) {
        Position after;
        try {
            after = Position.parse(text);
        } catch (IllegalArgumentException malformed) {
            return missed(at, Miss.BAD_POSITION);
        }
        if (after.epoch().equals(at.epoch()) && after.offset() > at.offset()) {
            return missed(at, Miss.AHEAD);
        }
        return log.after(room, after, at, new RoomLog.Extent(false, MAX_MESSAGES, MAX_BYTES))
                .map(recall -> recall.miss() == null ? recall : Recall.missed(at, recall.miss()));
    }

    private Future<Recall> newest(String room, @Nullable String text, Position at, GroupPolicy policy) {
        int wanted = number(text);
        if (wanted <= 0) {
            return missed(at, wanted == 0 ? Miss.LIMIT : Miss.BAD_POSITION);
        }
        int most = Math.min(wanted, policy.historyCount());
        return newest(room, at, most, most + SLACK).map(recall -> cut(recall, most, at, policy));
    }

    /** 0 for a number beyond {@link #MAX_MESSAGES}, -1 for what is no number from 1 on. */
    private static int number(@Nullable String text) {
        if (text == null || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        String digits = text.replaceFirst("^0+", "");
        if (digits.isEmpty()) {
            return -1;
        }
        return digits.length() > 3 || Integer.parseInt(digits) > MAX_MESSAGES ? 0 : Integer.parseInt(digits);
    }

    /** Joins and leaves have places in the log too, so how far back so many messages are is found out by looking. */
    private Future<Recall> newest(String room, Position at, int wanted, long back) {
        Position from = at.at(Math.max(0, at.offset() - back));
        return log.tail(room, from, at).compose(recall -> {
            boolean enough = recall.events().size() >= wanted;
            boolean isAll = from.offset() == 0 || recall.miss() != null;
            return enough || isAll ? Future.succeededFuture(recall) : newest(room, at, wanted, back * 4);
        });
    }

    private Recall cut(Recall recall, int most, Position at, GroupPolicy policy) {
        if (recall.miss() != null && recall.miss() != Miss.TRIMMED) {
            return Recall.missed(at, recall.miss());
        }
        List<RoomEvent> all = recall.events();
        long oldest = clock.millis() - policy.historyAge().toMillis();
        long bytes = 0;
        int first = all.size();
        while (first > 0 && all.size() - first < most && all.get(first - 1) instanceof RoomEvent.Message message) {
            bytes += message.payload().length();
            if (message.timestamp() < oldest || bytes > policy.historyBytes()) {
                break;
            }
            first--;
        }
        if (bytes > MAX_BYTES) {
            return Recall.missed(at, Miss.LIMIT);
        }
        List<RoomEvent> newest = all.subList(first, all.size());
        Position before = first == 0 ? recall.from() : all.get(first - 1).position();
        return new Recall(List.copyOf(newest), before == null ? at : before, at, null);
    }

    private static Future<Recall> missed(Position at, Miss miss) {
        return Future.succeededFuture(Recall.missed(at, miss));
    }
}
