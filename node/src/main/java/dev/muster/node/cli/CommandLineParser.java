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

    private final CommandLine commandLine;
    private final List<String> known = new ArrayList<>();

    CommandLineParser(Subcommand subcommand, List<OptionDescription> options) {
        CommandSpec spec = CommandSpec.create().name("muster " + subcommand.name());
        spec.usageMessage()
                .description(subcommand.summary())
                .footer(subcommand.details())
                .width(110)
                .autoWidth(false)
                .optionListHeading("%n")
                .sortOptions(false)
                .abbreviateSynopsis(true);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("Show this help.")
                .build());
        known.add("--help");
        if (subcommand.takesOptions()) {
            spec.addOption(OptionSpec.builder("--" + CONFIG)
                    .paramLabel("<file>")
                    .type(String.class)
                    .description("YAML file of options, \"port: 8081\"; flags and environment win. [MUSTER_CONFIG]")
                    .build());
            known.add("--" + CONFIG);
            addByTopic(spec, subcommand, options);
        }
        commandLine = new CommandLine(spec);
        commandLine.setExpandAtFiles(false);
        commandLine.setInterpolateVariables(false);
        commandLine.setUsageHelpLongOptionsMaxWidth(34);
        commandLine.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    }

    private void addByTopic(CommandSpec spec, Subcommand subcommand, List<OptionDescription> options) {
        Map<String, ArgGroupSpec.Builder> groups = new LinkedHashMap<>();
        for (OptionDescription option : options) {
            if (subcommand.without().contains(option.topic())
                    || subcommand.without().contains(option.name())) {
                continue;
            }
            known.add("--" + option.name());
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
    }

    private static OptionSpec spec(OptionDescription option) {
        StringBuilder text = new StringBuilder(option.description());
        if (option.defaultValue() != null && !option.isSwitch()) {
            text.append(" Default: ").append(option.defaultValue()).append('.');
        }
        text.append(" [").append(String.join(", ", option.variables())).append(']');
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
        ParseResult result;
        try {
            result = commandLine.parseArgs(args.toArray(new String[0]));
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
        flags.remove("help");
        return new Said(result.isUsageHelpRequested(), flags);
    }

    private String unknown(String argument) {
        String word = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        if (!word.startsWith("-")) {
            return "\"" + argument + "\" is not expected here; options begin with --, see "
                    + commandLine.getCommandName() + " --help";
        }
        return word + " is not an option" + Spelling.question(word, known);
    }

    private static String name(CommandLine.OverwrittenOptionException twice) {
        return twice.getOverwritten() instanceof OptionSpec option ? option.longestName() : "an option";
    }

    private static String name(CommandLine.MissingParameterException missing) {
        return missing.getMissing().get(0) instanceof OptionSpec option ? option.longestName() : "an option";
    }

    String help() {
        String text = commandLine.getUsageMessage(Help.Ansi.OFF);
        return text.endsWith("\n") ? text : text + '\n';
    }
}
