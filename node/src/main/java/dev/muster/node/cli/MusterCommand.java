package dev.muster.node.cli;

import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.OptionReader;
import dev.muster.node.config.RegistryProviders;
import dev.muster.node.config.Spelling;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command {@code muster}: finds out what to do, and does it. */
public final class MusterCommand {

    private final Map<String, Subcommand> subcommands = new LinkedHashMap<>();
    private final RegistryProviders providers;

    /** Knows the registries on the class path. */
    public MusterCommand() {
        this(RegistryProviders.load());
    }

    MusterCommand(RegistryProviders providers) {
        this.providers = providers;
        add(new NodeCommand(providers));
        add(new DemoCommand(providers));
        add(new CheckCommand(providers));
        add(new ConnectCommand(System.in));
        add(new TokenCommand(providers));
        add(new VersionCommand());
    }

    private void add(Subcommand subcommand) {
        subcommands.put(subcommand.name(), subcommand);
    }

    /**
     * Does what {@code args} say.
     *
     * @return an {@link ExitCode}
     */
    public int run(String[] args, Map<String, String> environment, Console console) {
        if (args.length == 0) {
            console.err().print(usage());
            return ExitCode.USAGE;
        }
        switch (args[0]) {
            case "help", "--help", "-h" -> {
                return help(args, console);
            }
            case "--version", "-V" -> {
                return run("version", List.of(), environment, console);
            }
            default -> {
                return run(args[0], Arrays.asList(args).subList(1, args.length), environment, console);
            }
        }
    }

    private int run(String name, List<String> args, Map<String, String> environment, Console console) {
        Subcommand subcommand = subcommands.get(name);
        if (subcommand == null) {
            console.complain("\"" + name + "\" is not a command" + Spelling.question(name, subcommands.keySet()));
            return ExitCode.USAGE;
        }
        CommandLineParser parser = parser(subcommand);
        try {
            CommandLineParser.Said said = parser.parse(args);
            if (said.help()) {
                console.out().print(parser.help());
                return ExitCode.OK;
            }
            return subcommand.run(said.flags(), environment, console);
        } catch (CommandLineParser.Misuse misuse) {
            console.complain(misuse.sentence());
            return ExitCode.USAGE;
        } catch (InvalidOption invalid) {
            console.complain(String.valueOf(invalid.getMessage()));
            return ExitCode.USAGE;
        }
    }

    private CommandLineParser parser(Subcommand subcommand) {
        return new CommandLineParser(subcommand, new OptionReader(providers).describe());
    }

    private int help(String[] args, Console console) {
        Subcommand about = args.length > 1 ? subcommands.get(args[1]) : null;
        console.out().print(about == null ? usage() : parser(about).help());
        return ExitCode.OK;
    }

    private String usage() {
        StringBuilder usage = new StringBuilder("Usage: muster <command> [options]\n\nCommands:\n");
        subcommands
                .values()
                .forEach(subcommand -> usage.append("  ")
                        .append(subcommand.name())
                        .append(" ".repeat(10 - subcommand.name().length()))
                        .append(subcommand.summary())
                        .append('\n'));
        return usage.append("\nmuster <command> --help tells more.\n").toString();
    }
}
