package dev.muster.node.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What help and documentation say of an option.
 *
 * @param name as in a file; with two dashes in front it is the flag
 * @param topic the heading it stands under
 * @param placeholder stands for its value; empty for a switch
 * @param allowed what its value may be
 * @param defaultValue if it has one
 * @param description one sentence
 * @param variables of the environment, the one that wins first
 */
public record OptionDescription(
        String name,
        String topic,
        String placeholder,
        String allowed,
        @Nullable String defaultValue,
        String description,
        List<String> variables) {

    static OptionDescription of(Option<?> option) {
        return new OptionDescription(
                option.name(),
                option.topic().title(),
                option.form().placeholder(),
                option.form().allowed(),
                option.shownDefault(),
                option.description(),
                Stream.of(option.variable(), option.environment())
                        .filter(variable -> variable != null)
                        .toList());
    }

    /** Whether it is on or off, and needs no value to be on. */
    public boolean isSwitch() {
        return placeholder.isEmpty();
    }
}
