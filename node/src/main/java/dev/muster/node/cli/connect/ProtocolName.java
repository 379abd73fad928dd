package dev.muster.node.cli.connect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be spoken. */
public enum ProtocolName {
    /** Frames to all others as they are. */
    RELAY,
    /** Lines of text. */
    CHAT,
    /** JSON with channels. */
    EVENTS,
    /** The binary packets of games, also over raw TCP. */
    PACKET,
    /** Entities and components as JSON. */
    SYNC,
    /** Checked protobuf on the relay. */
    PROTOBUF;

    /** As on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that is called so. */
    public static Optional<ProtocolName> of(String word) {
        return Arrays.stream(values()).filter(name -> name.word().equals(word)).findFirst();
    }

    /** All words, for people. */
    public static String words() {
        return Arrays.stream(values()).map(ProtocolName::word).collect(Collectors.joining(", "));
    }

    /** What a path is usually served in; see the routes of a node. */
    public static ProtocolName ofPath(String path) {
        if (path.startsWith("/ws/chat/")) {
            return CHAT;
        }
        return switch (path) {
            case "/ws" -> EVENTS;
            case "/ws/packet", "/sync" -> PACKET;
            case "/ws/sync" -> SYNC;
            default -> RELAY;
        };
    }
}
