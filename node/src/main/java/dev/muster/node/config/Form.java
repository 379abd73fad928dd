package dev.muster.node.config;

import dev.muster.registry.Limits;
import dev.muster.registry.NodeId;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * How an option's value is written.
 *
 * @param placeholder stands for the value in the help; empty for a switch, which needs none
 * @param allowed what may be said, to follow {@code must be}
 * @param parse makes the value; any IllegalArgumentException means that it is not {@code allowed}
 * @param show the text that {@code parse} reads back
 */
record Form<T>(String placeholder, String allowed, Function<String, T> parse, Function<T, String> show) {

    /** The value, or a complaint about the option. */
    T read(String option, String text, boolean secret) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidOption(
                    option, "must be " + allowed + ", but is " + (secret ? "something else" : '"' + shown(text) + '"'));
        }
    }

    /** The same, where some texts stand for others: YAML reads a bare {@code off} as {@code false}. */
    Form<T> reading(Map<String, String> others) {
        return new Form<>(placeholder, allowed, text -> parse.apply(others.getOrDefault(text, text)), show);
    }

    boolean isSwitch() {
        return placeholder.isEmpty();
    }

    static Form<String> text(String placeholder) {
        return new Form<>(placeholder, "a text", Function.identity(), Function.identity());
    }

    /** A host name or address; what it means is for the system to say. */
    static Form<String> host() {
        return new Form<>(
                "<address>",
                "an address or a host name",
                text -> {
                    // An IPv6 address as URLs have it is the same address.
                    String bare =
                            text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
                    return require(bare, bare.matches("[A-Za-z0-9._:%-]{1,255}"));
                },
                Function.identity());
    }

    static Form<String> name() {
        return new Form<>(
                "<name>",
                "1 to " + NodeId.MAX_NAME + " characters of A-Z a-z 0-9 . _ -",
                text -> require(text, NodeId.isName(text)),
                Function.identity());
    }

    static Form<Boolean> toggle() {
        return new Form<>(
                "",
                "true or false",
                text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "on", "1" -> true;
                    case "false", "no", "off", "0" -> false;
                    default -> throw new IllegalArgumentException("not a switch");
                },
                Object::toString);
    }

    static Form<Integer> integer(Range<Integer> range) {
        return new Form<>("<n>", range.toString(), text -> inRange(range, Integer.valueOf(text)), Object::toString);
    }

    /** A port that may be closed. */
    static Form<OptionalInt> port() {
        return new Form<>(
                "<port|off>",
                "0 to 65535, or off",
                text -> text.equals("off")
                        ? OptionalInt.empty()
                        : OptionalInt.of(inRange(NodeOptions.Http.PORT, Integer.valueOf(text))),
                port -> port.isPresent() ? Integer.toString(port.getAsInt()) : "off");
    }

    /** The name of a room. */
    static Form<String> room() {
        return new Form<>(
                "<name>",
                "1 to " + Limits.MAX_GROUP_BYTES + " bytes of UTF-8 without control characters",
                text -> require(Limits.group(text), text.chars().noneMatch(Character::isISOControl)),
                Function.identity());
    }

    static Form<Duration> duration(Range<Duration> range) {
        return new Form<>("<time>", range.toString(), text -> inRange(range, Durations.parse(text)), Durations::show);
    }

    static Form<ByteSize> size(Range<ByteSize> range) {
        return new Form<>("<size>", range.toString(), text -> inRange(range, ByteSize.parse(text)), Object::toString);
    }

    /** One of an enum's constants, written in lower case. */
    static <E extends Enum<E>> Form<E> choice(Class<E> type) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        return choice(
                names,
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
                value -> value.name().toLowerCase(Locale.ROOT));
    }

    /** One of some words. */
    static Form<String> choice(List<String> words) {
        return choice(words, text -> require(text, words.contains(text)), Function.identity());
    }

    /** Several values with commas between them. */
    static Form<Set<String>> set(String placeholder, String allowed, Function<String, String> parse) {
        return new Form<>(
                placeholder,
                allowed,
                text -> {
                    Set<String> all = new LinkedHashSet<>();
                    for (String one : text.split(",", -1)) {
                        all.add(parse.apply(one.strip()));
                    }
                    return all;
                },
                all -> String.join(",", all));
    }

    private static <T> Form<T> choice(List<String> words, Function<String, T> parse, Function<T, String> show) {
        return new Form<>('<' + String.join("|", words) + '>', list(words), parse, show);
    }

    /** {@code a, b or c}. */
    static String list(List<String> words) {
        if (words.size() < 2) {
            return String.join("", words);
        }
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    static <T extends Comparable<T>> T inRange(Range<T> range, T value) {
        return range.check(value);
    }

    static String require(String text, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("not allowed");
        }
        return text;
    }

    static String shown(String text) {
        return Limits.shown(text);
    }
}
