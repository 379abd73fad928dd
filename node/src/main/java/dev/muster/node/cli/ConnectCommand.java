package dev.muster.node.cli;

import dev.muster.node.cli.connect.ConnectOptions;
import dev.muster.node.cli.connect.Connecting;
import dev.muster.node.cli.connect.ProtocolName;
import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.OptionDescription;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code muster connect}: a client for the terminal. */
final class ConnectCommand implements Subcommand {

    private static final String URL = "<url>";
    private static final String TOKEN_VARIABLE = "MUSTER_TOKEN";
    /** What a node with {@code --auth dev} takes, where one has to be given. */
    private static final String DEVELOPMENT_TOKEN = "valid-token";

    private final InputStream in;

    /**
     * @param in what is typed
     */
    ConnectCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public String summary() {
        return "Talk to a node from the terminal, in any of its protocols.";
    }

    @Override
    public String positional() {
        return URL;
    }

    @Override
    public String[] details() {
        return new String[] {
            "",
            "<url> is ws://host:port, wss://host:port or tcp://host:port. With a path it is used as it is, and says which",
            "protocol is spoken; without one --protocol and --room make the path. tcp:// speaks packet.",
            "",
            "Prints what arrives on standard output, one line each, control characters made visible; what happens to the",
            "connection goes to standard error. Sends each line that is typed. The end of the input and Ctrl-C end it.",
            "A connection that broke, or was closed with 4000 to 4499, is opened again after a while.",
            "",
            "Exit code 0: ended as it should. 1: the server cannot be reached, or closed for good. 2: wrong options.",
            "",
            "  muster connect ws://localhost:8080 --room lobby --name ann",
            "  muster connect ws://localhost:8080/ws/chat/lobby",
            "  muster connect tcp://localhost:3030"
        };
    }

    @Override
    public boolean takesOptions() {
        return false;
    }

    @Override
    public List<OptionDescription> ownOptions() {
        return List.of(
                option("protocol", "<name>", "relay", "What to speak: " + ProtocolName.words() + ".", List.of()),
                option("room", "<name>", "lobby", "Which room, if the URL has no path.", List.of()),
                option("name", "<name>", null, "What to be called; chat takes it from the token.", List.of()),
                option(
                        "token",
                        "<token>",
                        null,
                        "Proves who you are. On this machine chat uses the one of development.",
                        List.of(TOKEN_VARIABLE)),
                option("ack", "", "false", "Reliable delivery: acknowledge, and resume where it broke.", List.of()),
                option("raw", "", "false", "Print frames as they are.", List.of()),
                option("trust", "<file>", null, "PEM certificates to trust instead of Java's, for wss.", List.of()));
    }

    private static OptionDescription option(
            String name, String placeholder, @Nullable String byDefault, String description, List<String> variables) {
        return new OptionDescription(name, "Options", placeholder, "", byDefault, description, variables);
    }

    @Override
    public int run(Map<String, String> flags, Map<String, String> environment, Console console) {
        ConnectOptions options = options(flags, environment);
        Logs.silence();
        return Connecting.run(options, in, console.out(), console.err()) ? ExitCode.OK : ExitCode.FAILED;
    }

    static ConnectOptions options(Map<String, String> flags, Map<String, String> environment) {
        URI url = url(flags.get(URL));
        ProtocolName protocol = protocol(flags.get("protocol"), url);
        boolean hasPath = url.getPath() != null && url.getPath().length() > 1;
        if (hasPath && flags.containsKey("room")) {
            throw wrong("--room is for a URL without a path, but this one has " + url.getPath());
        }
        boolean ack = isOn("ack", flags);
        if (ack && (protocol == ProtocolName.PACKET || protocol == ProtocolName.SYNC)) {
            throw wrong("--ack is for relay, chat, events and protobuf, but the protocol is " + protocol.word());
        }
        Path trust = flags.containsKey("trust") ? Path.of(flags.get("trust")) : null;
        if (trust != null && !Files.isReadable(trust)) {
            throw wrong("--trust names a file that cannot be read: " + trust);
        }
        String token = flags.getOrDefault("token", environment.get(TOKEN_VARIABLE));
        if (token != null && !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw wrong("--token must be visible ASCII, without spaces and line breaks");
        }
        ConnectOptions options = new ConnectOptions(
                url,
                protocol,
                flags.getOrDefault("room", "lobby"),
                flags.get("name"),
                token,
                ack,
                isOn("raw", flags),
                trust);
        boolean needsToken = protocol == ProtocolName.CHAT && options.token() == null;
        return needsToken && options.isLoopback() ? options.with(DEVELOPMENT_TOKEN) : options;
    }

    private static URI url(@Nullable String text) {
        if (text == null) {
            throw wrong("connect needs a URL: ws://host:port, wss://host:port or tcp://host:port");
        }
        try {
            URI url = new URI(text);
            boolean known = List.of("ws", "wss", "tcp").contains(String.valueOf(url.getScheme()));
            if (known && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException malformed) {
            // Said below.
        }
        throw wrong("the URL must be ws://host:port, wss://host:port or tcp://host:port, but is \"" + text + "\"");
    }

    private static ProtocolName protocol(@Nullable String word, URI url) {
        boolean isTcp = "tcp".equals(url.getScheme());
        if (word == null) {
            return isTcp ? ProtocolName.PACKET : ProtocolName.ofPath(url.getPath());
        }
        ProtocolName protocol = ProtocolName.of(word)
                .orElseThrow(
                        () -> wrong("--protocol must be one of " + ProtocolName.words() + ", but is \"" + word + "\""));
        if (isTcp && protocol != ProtocolName.PACKET) {
            throw wrong("tcp:// speaks packet, but --protocol is " + word);
        }
        return protocol;
    }

    private static InvalidOption wrong(String sentence) {
        return InvalidOption.of(new IllegalArgumentException(sentence));
    }

    private static boolean isOn(String name, Map<String, String> flags) {
        String value = flags.getOrDefault(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw wrong("--" + name + " must be true or false, but is \"" + value + "\"");
        }
        return value.equals("true");
    }
}
