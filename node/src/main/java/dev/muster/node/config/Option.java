package dev.muster.node.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be said by flag, by environment variable or in a file.
 *
 * @param name as in a file; with two dashes in front it is the flag
 * @param topic under which heading of the help it stands
 * @param form how its value is written
 * @param shownDefault what the help calls its default; null if it has none
 * @param description one sentence
 * @param environment a variable other programs know as well; besides it {@code MUSTER_} and the name always works
 * @param secret whether its value is never printed
 */
record Option<T>(
        String name,
        Topic topic,
        Form<T> form,
        @Nullable String shownDefault,
        String description,
        @Nullable String environment,
        boolean secret) {

    /** The headings of the help. */
    enum Topic {
        NODE("Node"),
        CLUSTER("Cluster"),
        SOCKETS("Sockets"),
        ACCESS("Access"),
        ROOMS("Rooms"),
        SPACES("Spaces"),
        REGISTRY("Registries");

        private final String title;

        Topic(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    Option(String name, Topic topic, Form<T> form, @Nullable String shownDefault, String description) {
        this(name, topic, form, shownDefault, description, null, false);
    }

    /** The same, also said by {@code variable}. */
    Option<T> or(String variable) {
        return new Option<>(name, topic, form, shownDefault, description, variable, secret);
    }

    String flag() {
        return "--" + name;
    }

    /** The variable that is this project's own: {@code MUSTER_PING_INTERVAL}. */
    String variable() {
        return "MUSTER_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    T read(String text) {
        return form.read(name, text, secret);
    }
}
