package dev.muster.node.protocol;

import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Refusal;
import dev.muster.node.connection.Route;
import dev.muster.node.session.Ask;
import dev.muster.node.sync.Sync;
import dev.muster.registry.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the names in a request have to be like. */
public final class Checks {

    /** The path parameter that names a room. */
    public static final String ROOM = "room";

    /** For routes with a room: its name, and the ids a client may give itself. */
    public static final List<Route.Check> ROOM_AND_IDS = List.of(Checks::roomAndIds);

    /** For routes without a room in their path: the ids a client may give itself. */
    public static final List<Route.Check> IDS = List.of(Checks::ids);

    /** The query parameter that names a space. */
    public static final String SPACE = "space";

    private Checks() {}

    /** For routes with spaces: the one that is named has to be served here. */
    public static Route.Check space(Sync sync) {
        return handshake -> {
            String space = handshake.query().get(SPACE);
            if (space != null && !sync.hasSpace(space)) {
                throw Refusal.badRequest(SPACE, "must be the name of a space that is served here");
            }
        };
    }

    private static void roomAndIds(Handshake handshake) {
        List<Refusal.Detail> wrong = new ArrayList<>();
        if (!isRoomName(handshake.parameter(ROOM))) {
            wrong.add(new Refusal.Detail(
                    ROOM, "must have 1 to " + Limits.MAX_GROUP_BYTES + " bytes of UTF-8 and no control characters"));
        }
        checkIds(handshake, wrong);
    }

    private static void ids(Handshake handshake) {
        checkIds(handshake, new ArrayList<>());
    }

    private static void checkIds(Handshake handshake, List<Refusal.Detail> wrong) {
        checkId(handshake, "user_id", wrong);
        checkId(handshake, "client_id", wrong);
        String ack = handshake.query().get(Ask.ACK);
        if (ack != null && !ack.equals("true") && !ack.equals("false")) {
            wrong.add(new Refusal.Detail(Ask.ACK, "must be true or false"));
        }
        if (!wrong.isEmpty()) {
            throw new Refusal(400, "bad request", wrong);
        }
    }

    private static void checkId(Handshake handshake, String name, List<Refusal.Detail> wrong) {
        String value = handshake.query().get(name);
        if (value != null && value.length() > Limits.MAX_USER_ID) {
            wrong.add(new Refusal.Detail(name, "must have at most " + Limits.MAX_USER_ID + " characters"));
        }
    }

    /** Whether a room may be called so: 1 to 255 bytes of UTF-8, no control characters. */
    public static boolean isRoomName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= 1 && bytes <= Limits.MAX_GROUP_BYTES && name.chars().noneMatch(Character::isISOControl);
    }
}
