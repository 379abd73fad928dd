package dev.muster.node.sync.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a client of {@link TextWire} has, and what it finds wrong with what it is told. */
final class Copy {

    /** By subscription, then by entity and component. */
    final Map<Long, Map<String, String>> values = new HashMap<>();

    private final Set<Long> answered = new HashSet<>();
    private int removed;

    void subscribed(long id) {
        values.put(id, new TreeMap<>());
        answered.remove(id);
    }

    void unsubscribed(long id) {
        values.remove(id);
    }

    /** How many ends of entities it was told of. */
    int removed() {
        return removed;
    }

    void take(List<String> frames) {
        frames.forEach(this::take);
    }

    private void take(String frame) {
        assertThat(frame).startsWith("batch");
        String rest = frame.substring("batch".length());
        if (rest.startsWith(" initial=[")) {
            int end = rest.indexOf(']');
            for (String id : rest.substring(" initial=[".length(), end).split(", ")) {
                assertThat(answered.add(Long.parseLong(id)))
                        .as("answered once: " + frame)
                        .isTrue();
                values.get(Long.parseLong(id)).clear();
            }
            rest = rest.substring(end + 1);
        }
        if (rest.startsWith(" more=[")) {
            rest = rest.substring(rest.indexOf(']') + 1);
        }
        if (!rest.isBlank()) {
            for (String item : rest.strip().split(", ")) {
                item(item);
            }
        }
    }

    private void item(String item) {
        String[] words = item.split("[ =]");
        long id = Long.parseLong(words[1]);
        Map<String, String> mine = values.get(id);
        assertThat(mine).as("subscribed: " + item).isNotNull();
        assertThat(answered).as("answered before: " + item).contains(id);
        switch (words[0]) {
            case "snapshot" ->
                assertThat(mine.put(words[2] + " " + words[3], words[4]))
                        .as("told for the first time: " + item)
                        .isNull();
            case "update" -> mine.put(words[2] + " " + words[3], words[4]);
            case "componentRemoved" -> mine.remove(words[2] + " " + words[3]);
            case "entityRemoved" -> {
                removed++;
                mine.keySet().removeIf(key -> key.startsWith(words[2] + " "));
            }
            default -> throw new AssertionError(item);
        }
    }
}
