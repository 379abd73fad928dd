package dev.muster.node.ops;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Metrics in Prometheus's text form, read for what is there. */
final class Exposition {

    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    private final Map<String, Set<String>> labelsByName = new TreeMap<>();
    private final Map<String, Set<String>> valuesByLabel = new TreeMap<>();
    private final Map<String, String> help = new TreeMap<>();

    Exposition(String text) {
        text.lines().forEach(line -> {
            if (line.startsWith("# HELP ")) {
                String[] words = line.split(" ", 4);
                help.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                help.putIfAbsent(line.split(" ", 4)[2], "");
            } else {
                sample(line);
            }
        });
    }

    private void sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("no sample: " + line);
        }
        Set<String> labels = labelsByName.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                labels.add(label.group(1));
                valuesByLabel
                        .computeIfAbsent(label.group(1), name -> new TreeSet<>())
                        .add(label.group(2));
            }
        }
    }

    /** Whether there is such a sample, or a histogram of that name. */
    boolean has(String name) {
        return labelsByName.containsKey(name) || labelsByName.containsKey(name + "_bucket");
    }

    Set<String> labels(String name) {
        return labelsByName.getOrDefault(name, labelsByName.getOrDefault(name + "_bucket", Set.of()));
    }

    Set<String> values(String label) {
        return valuesByLabel.getOrDefault(label, Set.of());
    }

    Set<String> families() {
        return help.keySet();
    }

    String help(String family) {
        return help.getOrDefault(family, "");
    }
}
