package dev.muster.node.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes an event has to have. Keys are paths with dots: {@code user.plan} is {@code plan} in the map {@code
 * user}. Conditions on several keys all have to hold; of the values given to {@link #in} one is enough, and where the
 * attribute is a list, one of its items is enough.
 */
public final class Filter {

    /** Every event. */
    public static final Filter ANY = new Filter(List.of());

    private record Condition(List<String> path, Predicate<@Nullable Object> holds) {

        boolean accepts(Map<String, @Nullable Object> attributes) {
            Object at = attributes;
            for (String key : path) {
                at = at instanceof Map<?, ?> map ? map.get(key) : null;
            }
            if (at instanceof List<?> list) {
                return list.stream().anyMatch(holds);
            }
            return holds.test(at);
        }
    }

    private final List<Condition> conditions;

    private Filter(List<Condition> conditions) {
        this.conditions = conditions;
    }

    /** The attribute is this text, number or boolean. */
    public Filter is(String key, Object value) {
        return and(key, at -> same(at, value));
    }

    /** The attribute is there, and not this. */
    public Filter ne(String key, Object value) {
        return and(key, at -> at != null && !same(at, value));
    }

    /** The attribute is one of these. */
    public Filter in(String key, Collection<?> values) {
        List<Object> all = List.copyOf(values);
        return and(key, at -> all.stream().anyMatch(value -> same(at, value)));
    }

    /** The attribute is there, or is not. */
    public Filter exists(String key, boolean there) {
        return and(key, at -> (at != null) == there);
    }

    /** The attribute is a text that begins so. */
    public Filter prefix(String key, String prefix) {
        return and(key, at -> at instanceof String text && text.startsWith(prefix));
    }

    /** The attribute is a number greater than this. */
    public Filter gt(String key, double bound) {
        return and(key, at -> at instanceof Number number && number.doubleValue() > bound);
    }

    /** The attribute is a number not less than this. */
    public Filter gte(String key, double bound) {
        return and(key, at -> at instanceof Number number && number.doubleValue() >= bound);
    }

    /** The attribute is a number less than this. */
    public Filter lt(String key, double bound) {
        return and(key, at -> at instanceof Number number && number.doubleValue() < bound);
    }

    /** The attribute is a number not greater than this. */
    public Filter lte(String key, double bound) {
        return and(key, at -> at instanceof Number number && number.doubleValue() <= bound);
    }

    /** The attribute is a number between these, both included. */
    public Filter between(String key, double least, double greatest) {
        return and(
                key,
                at -> at instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= greatest);
    }

    private Filter and(String key, Predicate<@Nullable Object> holds) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition(List.of(key.split("\\.", -1)), holds));
        return new Filter(List.copyOf(more));
    }

    /** Numbers are the same by value, whatever their type. */
    private static boolean same(@Nullable Object one, Object other) {
        if (one instanceof Number number && other instanceof Number same) {
            return Double.compare(number.doubleValue(), same.doubleValue()) == 0;
        }
        return Objects.equals(one, other);
    }

    /** Whether an event with these attributes is meant. */
    public boolean accepts(Map<String, @Nullable Object> attributes) {
        for (Condition condition : conditions) {
            if (!condition.accepts(attributes)) {
                return false;
            }
        }
        return true;
    }
}
