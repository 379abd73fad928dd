package dev.muster.node.cli;

import dev.muster.node.auth.SecretText;
import dev.muster.node.auth.TokenMint;
import dev.muster.node.config.Durations;
import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.NodeOptions;
import dev.muster.node.config.OptionDescription;
import dev.muster.node.config.OptionReader;
import dev.muster.node.config.RegistryProviders;
import dev.muster.node.config.TokenOptions;
import dev.muster.node.connection.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code muster token}: makes a token to try things with. */
final class TokenCommand implements Subcommand {

    private static final Set<String> TAKEN = Set.of("jwt-secret", "jwt-secret-file", "jwt-issuer", "jwt-audience");
    private static final String TOPIC = "Token";

    private final RegistryProviders providers;

    TokenCommand(RegistryProviders providers) {
        this.providers = providers;
    }

    @Override
    public String name() {
        return "token";
    }

    @Override
    public String summary() {
        return "Make a token for development.";
    }

    @Override
    public String[] details() {
        return new String[] {
            "",
            "Prints a token that a node with the same secret accepts (HS256). In production, tokens are made by whoever",
            "logs people in, and the node has a public key only."
        };
    }

    @Override
    public boolean takes(OptionDescription option) {
        return TAKEN.contains(option.name());
    }

    @Override
    public List<OptionDescription> ownOptions() {
        return List.of(
                own("user", "<id>", "User id (sub). Needed."),
                own("name", "<name>", "The user's name, as others see it."),
                own("client-id", "<id>", "Client id; a client that calls itself something else is refused."),
                own(
                        "roles",
                        "<role,...>",
                        "What the user may do: stats, admin, join:<pattern>, send:<pattern>; without join and send, every"
                                + " room."),
                own("lifetime", "<time>", "How long it holds, 1h if not given."));
    }

    private static OptionDescription own(String name, String placeholder, String description) {
        return new OptionDescription(name, TOPIC, placeholder, "a text", null, description, List.of());
    }

    @Override
    public int run(Map<String, String> flags, Map<String, String> environment, Console console) {
        Map<String, String> given = new LinkedHashMap<>(flags);
        Map<String, String> mine = new LinkedHashMap<>();
        ownOptions().forEach(option -> {
            String value = given.remove(option.name());
            if (value != null) {
                mine.put(option.name(), value);
            }
        });
        String config = given.remove(CommandLineParser.CONFIG);
        NodeOptions node =
                new OptionReader(providers).read(given, environment, config == null ? null : Path.of(config));
        // Standard output is for the token alone.
        Logs.configure(node.logging().format(), "error");
        TokenOptions options = node.access().tokens();
        try {
            console.line(mint(mine, options).mint(secret(options), Instant.now()));
            return ExitCode.OK;
        } catch (Refusal refused) {
            throw new InvalidOption("--user", "makes a token no node takes: " + refused.details());
        }
    }

    private static TokenMint mint(Map<String, String> mine, TokenOptions options) {
        String user = mine.get("user");
        if (user == null) {
            throw new InvalidOption("--user", "must be given: the user id the token is for");
        }
        String roles = mine.getOrDefault("roles", "");
        Set<String> all = Arrays.stream(roles.split(","))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .collect(Collectors.toSet());
        return new TokenMint(
                user,
                mine.get("name"),
                mine.get("client-id"),
                all,
                lifetime(mine.get("lifetime")),
                options.issuer(),
                options.audience());
    }

    private static Duration lifetime(@Nullable String text) {
        try {
            return text == null ? Duration.ofHours(1) : Durations.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidOption("--lifetime", "must be a time such as 5m or 1h, but is \"" + text + '"');
        }
    }

    private static String secret(TokenOptions options) {
        String secret = options.secret();
        String file = options.secretFile();
        if (secret == null && file == null) {
            throw new InvalidOption(
                    "--jwt-secret-file",
                    "must be given, or JWT_SECRET: without a key a node takes the token valid-token only");
        }
        String found = secret == null ? read(String.valueOf(file)) : secret;
        String complaint = SecretText.complaint(found);
        if (complaint != null) {
            throw new InvalidOption(secret == null ? "--jwt-secret-file" : "--jwt-secret", complaint);
        }
        return found;
    }

    private static String read(String file) {
        try {
            return TokenMint.secretIn(file);
        } catch (IllegalArgumentException unreadable) {
            throw new InvalidOption("--jwt-secret-file", String.valueOf(unreadable.getMessage()));
        }
    }
}
