package dev.muster.node.protocol;

import dev.muster.node.connection.Notice;
import org.jspecify.annotations.Nullable;

/** Notices in the two forms that most protocols use. */
public final class Notices {

    private Notices() {}

    /** A frame of a JSON protocol. */
    public static String json(Notice notice) {
        if (notice instanceof Notice.Limited limited) {
            long wait = limited.pause().toMillis();
            return Json.text(generator -> {
                generator.writeStringField("type", "ERROR");
                generator.writeStringField("code", ErrorCode.RATE_LIMITED.code());
                generator.writeStringField("message", sentence(limited));
                generator.writeNumberField("retryAfterMs", wait);
            });
        }
        long left = ((Notice.TokenExpiring) notice).left().toMillis();
        return Json.text(generator -> {
            generator.writeStringField("type", "ERROR");
            generator.writeStringField("code", ErrorCode.TOKEN_EXPIRING.code());
            generator.writeStringField("message", ErrorCode.TOKEN_EXPIRING.sentence());
            generator.writeNumberField("expiresInMs", left);
        });
    }

    /** A line of text; null where the protocol has no way to do something about it. */
    public static @Nullable String line(Notice notice) {
        return notice instanceof Notice.Limited limited ? "! " + sentence(limited) : null;
    }

    /** What to tell people who send too much. */
    public static String sentence(Notice.Limited limited) {
        return ErrorCode.RATE_LIMITED.sentence() + ", wait " + limited.pause().toMillis() + " ms";
    }
}
