package dev.muster.node.room;

import dev.muster.registry.GroupPolicy;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How the rooms of a name pattern are kept.
 *
 * @param pattern a name in which {@code *} stands for any characters, none included
 * @param group what the registry is asked to keep
 */
public record RoomPolicy(String pattern, GroupPolicy group) {

    /** For the rooms that no other policy names. */
    public static final RoomPolicy DEFAULT = new RoomPolicy("*", GroupPolicy.DEFAULT);

    public RoomPolicy {
        Objects.requireNonNull(group, "group");
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("a room policy's pattern must not be empty");
        }
    }

    /** The first of {@code policies} that names {@code room}, else {@link #DEFAULT}. */
    public static RoomPolicy of(List<RoomPolicy> policies, String room) {
        for (RoomPolicy policy : policies) {
            if (policy.names(room)) {
                return policy;
            }
        }
        return DEFAULT;
    }

    /** Whether it is about {@code room}. */
    public boolean names(String room) {
        if (pattern.indexOf('*') < 0) {
            return pattern.equals(room);
        }
        String[] literals = pattern.split("\\*", -1);
        StringBuilder regex = new StringBuilder(Pattern.quote(literals[0]));
        for (int i = 1; i < literals.length; i++) {
            regex.append(".*").append(Pattern.quote(literals[i]));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(room).matches();
    }
}
