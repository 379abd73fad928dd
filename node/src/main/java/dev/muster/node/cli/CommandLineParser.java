package dev.muster.node.cli;

import dev.muster.node.config.OptionDescription;
import dev.muster.node.config.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Takes one subcommand's arguments apart. The meaning of the values is not its business: all are texts. */
final class CommandLineParser {

    /** Arguments that cannot be taken apart; the message is one sentence. */
    static final class Misuse extends Exception {

        private static final long serialVersionUID = 1L;

        Misuse(String sentence) {
            super(sentence, null, false, false);
        }

        String sentence() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * What was said.
     *
     * @param help whether help was asked for
     * @param flags values by option
     */
    record Said(boolean help, Map<String, String> flags) {}

    static final String CONFIG = "config";

    private final Subcommand subcommand;
    private final List<OptionDescription> options;
    private final List<String> known = new ArrayList<>(List.of("--help"));

    /**
     * @param all options there are; those that the subcommand does not take are left out
     */
    CommandLineParser(Subcommand subcommand, List<OptionDescription> all) {
        this.subcommand = subcommand;
        List<OptionDescription> taken = new ArrayList<>(subcommand.ownOptions());
        if (subcommand.takesOptions()) {
            all.stream().filter(subcommand::takes).forEach(taken::add);
        }
        this.options = List.copyOf(taken);
        if (subcommand.takesOptions()) {
            known.add("--" + CONFIG);
        }
        options.forEach(option -> known.add("--" + option.name()));
    }

    private CommandSpec bare() {
        CommandSpec spec = CommandSpec.create().name("muster " + subcommand.name());
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("Show this help.")
                .build());
        if (subcommand.takesOptions()) {
            spec.addOption(OptionSpec.builder("--" + CONFIG)
                    .paramLabel("<file>")
                    .type(String.class)
                    .description("YAML file of options, \"port: 8081\"; flags and environment win. [MUSTER_CONFIG]")
                    .build());
        }
        String positional = subcommand.positional();
        if (positional != null) {
            spec.addPositional(PositionalParamSpec.builder()
                    .paramLabel(positional)
                    .index("0")
                    .arity("0..1")
                    .type(String.class)
                    .hidden(true)
                    .build());
        }
        return spec;
    }

    private static CommandLine commandLine(CommandSpec spec) {
        CommandLine commandLine = new CommandLine(spec);
        commandLine.setExpandAtFiles(false);
        commandLine.setInterpolateVariables(false);
        return commandLine;
    }

    private static OptionSpec spec(OptionDescription option) {
        StringBuilder text = new StringBuilder(option.description());
        if (option.defaultValue() != null && !option.isSwitch()) {
            text.append(" Default: ").append(option.defaultValue()).append('.');
        }
        if (!option.variables().isEmpty()) {
            text.append(" [").append(String.join(", ", option.variables())).append(']');
        }
        OptionSpec.Builder spec = OptionSpec.builder("--" + option.name())
                .type(String.class)
                .paramLabel(option.isSwitch() ? "<true|false>" : option.placeholder())
                // picocli formats descriptions: a percent sign would be taken for a directive
                .description(text.toString().replace("%", "%%"));
        if (option.isSwitch()) {
            spec.arity("0..1").fallbackValue("true");
        }
        return spec.build();
    }

    Said parse(List<String> args) throws Misuse {
        CommandSpec spec = bare();
        options.forEach(option -> spec.addOption(spec(option)));
        ParseResult result;
        try {
            result = commandLine(spec).parseArgs(args.toArray(new String[0]));
        } catch (CommandLine.UnmatchedArgumentException unmatched) {
            throw new Misuse(unknown(unmatched.getUnmatched().get(0)));
        } catch (CommandLine.OverwrittenOptionException twice) {
            throw new Misuse(name(twice) + " is given twice");
        } catch (CommandLine.MissingParameterException missing) {
            throw new Misuse(name(missing) + " needs a value");
        } catch (ParameterException other) {
            throw new Misuse(String.valueOf(other.getMessage()));
        }
        Map<String, String> flags = new LinkedHashMap<>();
        for (OptionSpec option : result.matchedOptions()) {
            String value = option.getValue() == null ? "" : option.getValue().toString();
            flags.put(option.longestName().substring(2), value);
        }
        for (PositionalParamSpec argument : result.matchedPositionals()) {
            Object value = argument.getValue();
            flags.put(argument.paramLabel(), String.valueOf(value));
        }
        flags.remove("help");
        return new Said(result.isUsageHelpRequested(), flags);
    }

    private String unknown(String argument) {
        String word = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        if (!word.startsWith("-")) {
            return "\"" + argument + "\" is not expected here; options begin with --, see muster " + subcommand.name()
                    + " --help";
        }
        return word + " is not an option" + Spelling.question(word, known);
    }

    private static String name(CommandLine.OverwrittenOptionException twice) {
        return twice.getOverwritten() instanceof OptionSpec option ? option.longestName() : "an option";
    }

    private static String name(CommandLine.MissingParameterException missing) {
        return missing.getMissing().get(0) instanceof OptionSpec option ? option.longestName() : "an option";
    }

    /** The options by topic. Only the help knows topics: an option of a picocli group may be given twice. */
    String help() {
        CommandSpec spec = bare();
        spec.usageMessage()
                .description(subcommand.summary())
                .footer(subcommand.details())
                .width(110)
                .autoWidth(false)
                .optionListHeading("%n")
                .sortOptions(false)
                .abbreviateSynopsis(true);
        if (subcommand.positional() != null) {
            spec.usageMessage()
                    .customSynopsis("muster " + subcommand.name() + " " + subcommand.positional() + " [OPTIONS]");
        }
        Map<String, ArgGroupSpec.Builder> groups = new LinkedHashMap<>();
        for (OptionDescription option : options) {
            groups.computeIfAbsent(
                            option.topic(),
                            topic -> ArgGroupSpec.builder()
                                    .heading("%n" + topic + ":%n")
                                    .validate(false)
                                    .exclusive(false)
                                    .order(groups.size()))
                    .addArg(spec(option));
        }
        groups.values().forEach(group -> spec.addArgGroup(group.build()));
        CommandLine commandLine = commandLine(spec);
        commandLine.setUsageHelpLongOptionsMaxWidth(34);
        String text = commandLine.getUsageMessage(Help.Ansi.OFF);
        return text.endsWith("\n") ? text : text + '\n';
    }
}
