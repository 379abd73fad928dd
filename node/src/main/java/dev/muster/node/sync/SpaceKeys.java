package dev.muster.node.sync;

import dev.muster.registry.GroupPolicy;
import java.time.Duration;
import java.util.regex.Pattern;

/** How a space is kept in the registry: the names of its group and of its entries. */
final class SpaceKeys {

    /** No room is called so: its name would hold a control character. */
    private static final String GROUP_PREFIX = "\u0001space/";

    /** No history: entries stay until they are removed, and what closes gaps is kept anyway. No members, no presence. */
    static final GroupPolicy POLICY = new GroupPolicy(0, Duration.ZERO, 0, GroupPolicy.Presence.OFF);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    private static final String ENTITY = "e:";
    private static final String COMPONENT = "c:";
    private static final int HEX = 16;

    private SpaceKeys() {}

    static boolean isName(String space) {
        return NAME.matcher(space).matches();
    }

    static String group(String space) {
        return GROUP_PREFIX + space;
    }

    /** The entry that says that an entity exists. */
    static String entity(long bits) {
        return ENTITY + Long.toHexString(bits);
    }

    /** The entry of a component. */
    static String component(long bits, String component) {
        return COMPONENT + Long.toHexString(bits) + ':' + component;
    }

    /** Whether it is the entry of an entity; else of a component, or nothing that is known. */
    static boolean isEntity(String key) {
        return key.startsWith(ENTITY);
    }

    static boolean isComponent(String key) {
        return key.startsWith(COMPONENT) && key.indexOf(':', COMPONENT.length()) > 0;
    }

    /**
     * The entity of either.
     *
     * @throws NumberFormatException if nobody here wrote that key
     */
    static long bits(String key) {
        int end = key.indexOf(':', COMPONENT.length());
        int to = end < 0 ? key.length() : end;
        if (to - COMPONENT.length() > HEX) {
            throw new NumberFormatException("more than 64 bits");
        }
        return Long.parseUnsignedLong(key, COMPONENT.length(), to, HEX);
    }

    static String component(String key) {
        return key.substring(key.indexOf(':', COMPONENT.length()) + 1);
    }
}
