package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a script's header says it takes is what the script uses, no more and no less. */
class ScriptHeaderTest {

    private static final Pattern DECLARED = Pattern.compile("(?m)^-- (KEYS|ARGV)\\[(\\d+)(\\.\\.\\.)?]");
    private static final Pattern USED = Pattern.compile("(KEYS|ARGV)\\[(\\d+)]");
    private static final Pattern COMPUTED = Pattern.compile("(?:KEYS|ARGV)\\[[a-z(]|#(?:KEYS|ARGV)\\b(?!\\[)");

    private static String source(Script script) throws IOException {
        try (InputStream in = Script.class.getResourceAsStream(script.name().toLowerCase(Locale.ROOT) + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(Script.class)
    void the_header_names_every_key_and_argument(Script script) throws IOException {
        String source = source(script);
        int end = source.indexOf("\n-- Returns");
        assertThat(end).as("a line that says what %s returns", script).isPositive();
        Matcher declared = DECLARED.matcher(source);
        TreeSet<String> names = new TreeSet<>();
        TreeSet<String> open = new TreeSet<>();
        while (declared.find()) {
            assertThat(declared.start()).as("in the header of %s", script).isLessThan(end);
            names.add(declared.group(1) + declared.group(2));
            if (declared.group(3) != null) {
                open.add(declared.group(1) + declared.group(2));
            }
        }
        // Everything the script is made of, without its comments.
        String code = script.text().replaceAll("(?m)--.*$", "");
        TreeSet<String> used = new TreeSet<>();
        Matcher use = USED.matcher(code);
        while (use.find()) {
            used.add(use.group(1) + use.group(2));
        }
        assertThat(names).as("declared by %s, against what it uses", script).containsAll(used);
        TreeSet<String> unused = new TreeSet<>(names);
        unused.removeAll(used);
        unused.removeAll(open);
        assertThat(unused).as("declared by %s without being used", script).isEmpty();
        assertThat(COMPUTED.matcher(code).find())
                .as("%s takes any number of something", script)
                .isEqualTo(!open.isEmpty());
    }

    @ParameterizedTest
    @EnumSource(Script.class)
    void it_is_a_script_of_redis_7_with_its_includes_resolved(Script script) {
        assertThat(script.text()).startsWith("#!lua").doesNotContain("@include");
        assertThat(script.sha()).matches("[0-9a-f]{40}");
    }
}
