package dev.muster.node.config;

import java.time.Duration;

/**
 * So many in so much time, as options write it: {@code 100/1} is a hundred in a second, {@code 0} no limit.
 *
 * @param count 0 for no limit
 * @param window whole seconds
 */
public record Rate(int count, Duration window) {

    /** No limit. */
    public static final Rate NONE = new Rate(0, Duration.ofSeconds(1));

    static final int MAX_COUNT = 1_000_000;
    static final int MAX_SECONDS = 3_600;

    static Rate perSecond(int count) {
        return new Rate(count, Duration.ofSeconds(1));
    }

    static Rate parse(String text) {
        if (text.equals("0")) {
            return NONE;
        }
        int slash = text.indexOf('/');
        int count = Integer.parseInt(text.substring(0, Math.max(0, slash)));
        int seconds = Integer.parseInt(text.substring(slash + 1));
        if (count < 1 || count > MAX_COUNT || seconds < 1 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException("out of range");
        }
        return new Rate(count, Duration.ofSeconds(seconds));
    }

    static Form<Rate> form() {
        return new Form<>(
                "<n/seconds>",
                "N/SECONDS with N up to " + MAX_COUNT + " and SECONDS up to " + MAX_SECONDS + ", or 0 for no limit",
                Rate::parse,
                Rate::toString);
    }

    @Override
    public String toString() {
        return count == 0 ? "0" : count + "/" + window.toSeconds();
    }
}
