package dev.muster.node.config;

import java.util.regex.Pattern;

/** Addresses and networks of proxies: numbers only, because a name may mean something else tomorrow. */
final class Networks {

    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}(/\\d{1,2})?");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(/\\d{1,3})?");

    private Networks() {}

    /** Returns {@code text} if it looks like one; which numbers are too large is for the transport to say. */
    static String parse(String text) {
        return Form.require(text, V4.matcher(text).matches() || V6.matcher(text).matches());
    }
}
