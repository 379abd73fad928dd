package dev.muster.node.room;

/**
 * What this node did for a room since the room came to have members here.
 *
 * @param sent frames offered to members on this node
 * @param received messages that members on this node sent
 * @param lastActivity when the last message came by, ms since 1970; 0 if none did
 */
public record Activity(long sent, long received, long lastActivity) {

    /** Of a room without members here. */
    public static final Activity NONE = new Activity(0, 0, 0);
}
