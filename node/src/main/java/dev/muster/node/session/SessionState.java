package dev.muster.node.session;

import dev.muster.registry.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster keeps of a session. No message is among it: with the number and place of the last acknowledged one,
 * the room's log tells everything after it, and its numbers.
 *
 * @param secretHash of the token's secret
 * @param user whose session it is; null if nobody said
 * @param wire see {@link SessionWire#name}
 * @param room which room
 * @param claim how often it was taken over; whoever writes under an older one has lost it
 * @param owner the node that holds it
 * @param isHeld whether a socket may have acknowledged more than is written here
 * @param acked number of the last acknowledged message
 * @param through everything up to here is acknowledged or was not shown
 * @param joined joins and leaves up to this offset are not shown
 */
record SessionState(
        String secretHash,
        @Nullable String user,
        String wire,
        String room,
        long claim,
        String owner,
        boolean isHeld,
        long acked,
        Position through,
        long joined) {

    /** Of a session that nobody took over yet. */
    static final long FIRST_CLAIM = 1;

    SessionState held(String owner, long claim) {
        return new SessionState(secretHash, user, wire, room, claim, owner, true, acked, through, joined);
    }

    SessionState at(String owner, boolean isHeld, long acked, Position through) {
        return new SessionState(secretHash, user, wire, room, claim, owner, isHeld, acked, through, joined);
    }

    Buffer toBytes() {
        return new JsonObject()
                .put("s", secretHash)
                .put("u", user)
                .put("w", wire)
                .put("r", room)
                .put("c", claim)
                .put("o", owner)
                .put("h", isHeld)
                .put("n", acked)
                .put("p", through.toString())
                .put("j", joined)
                .toBuffer();
    }

    /** Reads what {@link #toBytes} wrote; null if it is anything else, of a later version for example. */
    static @Nullable SessionState parse(Buffer bytes) {
        try {
            JsonObject json = new JsonObject(bytes);
            return new SessionState(
                    required(json, "s"),
                    json.getString("u"),
                    required(json, "w"),
                    required(json, "r"),
                    json.getLong("c", 0L),
                    required(json, "o"),
                    json.getBoolean("h", false),
                    json.getLong("n", 0L),
                    Position.parse(required(json, "p")),
                    json.getLong("j", 0L));
        } catch (DecodeException | IllegalArgumentException | ClassCastException malformed) {
            return null;
        }
    }

    private static String required(JsonObject json, String name) {
        String value = json.getString(name);
        if (value == null) {
            throw new IllegalArgumentException("a session without " + name);
        }
        return value;
    }
}
