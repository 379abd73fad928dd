package dev.muster.node.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which rooms have which space: {@code lobby=world,game-*=games}. A room's own name may have an equals sign, but no comma. */
final class RoomSpaces {

    private static final Pattern SPACE = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    private RoomSpaces() {}

    static Form<Map<String, String>> form() {
        return new Form<>(
                "<room=space,...>",
                "room=space, several with commas between them, and * in a room for any characters",
                RoomSpaces::parse,
                all -> all.entrySet().stream()
                        .map(one -> one.getKey() + '=' + one.getValue())
                        .collect(Collectors.joining(",")));
    }

    /**
     * Spaces by room pattern, in the order in which they are tried.
     *
     * @throws IllegalArgumentException if it is not such a list, or names a room twice
     */
    private static Map<String, String> parse(String text) {
        Map<String, String> spaces = new LinkedHashMap<>();
        for (String one : text.split(",", -1)) {
            int at = one.lastIndexOf('=');
            Form.require(one, at > 0);
            String room = Form.room().parse().apply(one.substring(0, at).strip());
            String space = one.substring(at + 1).strip();
            Form.require(space, SPACE.matcher(space).matches());
            Form.require(room, spaces.putIfAbsent(room, space) == null);
        }
        return Collections.unmodifiableMap(spaces);
    }
}
