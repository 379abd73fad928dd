package dev.muster.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/options.md says what the code says. */
class OptionsDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "options.md");

    @Test
    @DisplayName("the tables of the document are those of the code; a wrong one is printed as it should be")
    void tables() throws IOException {
        List<String> expected = tablesOfTheCode();
        List<String> found = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("|") || line.startsWith("## "))
                .dropWhile(line -> !line.equals(expected.get(0)))
                .limit(expected.size())
                .toList();
        assertThat(found)
                .as("tables of %s, which should be:%n%s", DOCUMENT, String.join("\n", expected))
                .isEqualTo(expected);
    }

    private static List<String> tablesOfTheCode() {
        List<String> lines = new ArrayList<>();
        String topic = "";
        for (OptionDescription option : new OptionReader(RegistryProviders.load()).describe()) {
            if (!option.topic().equals(topic)) {
                topic = option.topic();
                lines.addAll(List.of(
                        "## " + topic,
                        "| option | value | default | environment | what it does |",
                        "|---|---|---|---|---|"));
            }
            lines.add(row(option));
        }
        return lines;
    }

    private static String row(OptionDescription option) {
        return "| `--" + option.name() + "` | " + value(option) + " | "
                + Objects.requireNonNullElse(option.defaultValue(), "") + " | "
                + option.variables().stream().map(name -> '`' + name + '`').collect(Collectors.joining(" "))
                + " | " + option.description().replace("|", "\\|") + " |";
    }

    private static String value(OptionDescription option) {
        if (option.isSwitch()) {
            return "";
        }
        return option.allowed().equals("a text")
                ? '`' + option.placeholder().replace("|", "\\|") + '`'
                : option.allowed().replace("|", "\\|");
    }
}
