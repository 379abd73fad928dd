package dev.muster.node.badinput;

import java.util.Locale;

/** A wire that clients speak over WebSockets. */
enum Surface {
    RELAY("/ws/%s", 1, "hello"),
    CHAT("/ws/chat/%s?auth_token=valid-token", 2, "[John Doe]: hello"),
    SIMPLE("/ws/simple", 1, "You said: hello"),
    EVENTS("/ws?events=all&room=%s", 1, "");

    private final String path;
    /** Frames the server says by itself in the beginning. */
    final int greetings;

    private final String echo;

    Surface(String path, int greetings, String echo) {
        this.path = path;
        this.greetings = greetings;
        this.echo = echo;
    }

    String path(String room) {
        return path.formatted(room);
    }

    /** The label that its connections are counted by. */
    String protocol() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether who says any text hears it. */
    boolean answersItself() {
        return this == CHAT || this == SIMPLE;
    }

    /** Whether any text may be said. */
    boolean takesText() {
        return this != EVENTS;
    }

    /** Whether the server says {@code text} by itself when somebody comes. */
    boolean isGreeting(String text) {
        return text.startsWith("{\"type\":\"SERVER_HELLO\"")
                || text.startsWith("Welcome ")
                || text.endsWith(" joined the room")
                || text.startsWith("Connected!");
    }

    /** What who says {@code text} hears, if that. */
    String answerTo(String text) {
        return echo.replace("hello", text);
    }
}
