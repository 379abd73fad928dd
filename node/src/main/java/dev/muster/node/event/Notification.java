package dev.muster.node.event;

import dev.muster.node.shape.Length;
import dev.muster.node.shape.OneOf;

/**
 * Something for people to notice.
 *
 * @param id unique
 * @param type how serious it is
 * @param title in a few words
 * @param message in full
 * @param timestamp ms since 1970
 */
@Event(Notification.NAME)
public record Notification(
        @Length(min = 1, max = 64) String id,
        @OneOf({"info", "success", "warning", "error"}) String type,
        @Length(min = 1, max = 200) String title,
        @Length(min = 1, max = 2000) String message,
        long timestamp) {

    /** Its channel. */
    public static final String NAME = "server.notification";
}
