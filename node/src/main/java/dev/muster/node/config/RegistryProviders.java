package dev.muster.node.config;

import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The registries on the class path. */
public final class RegistryProviders {

    private final List<RegistryProvider> all;

    RegistryProviders(List<RegistryProvider> all) {
        this.all = List.copyOf(all);
    }

    /** Looks for them. */
    public static RegistryProviders load() {
        List<RegistryProvider> found = new ArrayList<>();
        ServiceLoader.load(RegistryProvider.class).forEach(found::add);
        return new RegistryProviders(found);
    }

    /** The one that goes by {@code name}. */
    public Optional<RegistryProvider> find(String name) {
        return all.stream()
                .filter(provider ->
                        provider.name().equals(name) || provider.aliases().contains(name))
                .findFirst();
    }

    /**
     * The one that goes by {@code name}.
     *
     * @throws InvalidOption if there is none
     */
    public RegistryProvider get(String name) {
        return find(name)
                .orElseThrow(() -> new InvalidOption(
                        "registry",
                        "must be " + (all.isEmpty() ? "on the class path" : Form.list(names())) + ", but is \""
                                + Form.shown(name) + '"'));
    }

    /** Their names and other names, in the order they were found. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (RegistryProvider provider : all) {
            names.add(provider.name());
            names.addAll(provider.aliases());
        }
        return names;
    }

    List<RegistryProvider> all() {
        return all;
    }

    /** The registry that takes the option {@code name}. */
    Optional<RegistryProvider> owner(String name) {
        return all.stream()
                .filter(provider ->
                        provider.options().stream().map(RegistryOption::name).anyMatch(name::equals))
                .findFirst();
    }
}
