package dev.muster.registry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An option a registry takes. The command line, its help, the configuration file and the documentation are made from
 * these.
 *
 * @param name as on the command line, without dashes: {@code redis}, {@code hazelcast-members}
 * @param placeholder what stands for the value in the help, such as {@code <url>}
 * @param description one sentence
 * @param defaultValue shown in the help; null if there is none
 * @param environment a variable the ecosystem knows, such as {@code REDIS_URL}; besides it {@code MUSTER_} and the
 *     name in upper case always work
 * @param secret whether the value must never be printed
 */
public record RegistryOption(
        String name,
        String placeholder,
        String description,
        @Nullable String defaultValue,
        @Nullable String environment,
        boolean secret) {
    public RegistryOption {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(placeholder, "placeholder");
        Objects.requireNonNull(description, "description");
    }
}
