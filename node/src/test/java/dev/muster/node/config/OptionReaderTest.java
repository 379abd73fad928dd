package dev.muster.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.node.config.NodeOptions.Logging;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionReaderTest {

    private final OptionReader reader = new OptionReader(RegistryProviders.load());

    @TempDir
    Path folder;

    private NodeOptions flags(String... namesAndValues) {
        return reader.read(map(namesAndValues), Map.of(), null);
    }

    private NodeOptions environment(String... namesAndValues) {
        return reader.read(Map.of(), map(namesAndValues), null);
    }

    private NodeOptions file(String text) throws IOException {
        return reader.read(Map.of(), Map.of(), Files.writeString(folder.resolve("muster.yaml"), text));
    }

    private static Map<String, String> map(String... namesAndValues) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    @Test
    @DisplayName("nothing given: hazelcast on loopback, and the documented figures")
    void defaults() {
        NodeOptions options = flags();
        assertThat(options.http().host()).isEqualTo("localhost");
        assertThat(options.http().port()).isEqualTo(8080);
        assertThat(options.cluster().registry()).isEqualTo("hazelcast");
        assertThat(options.cluster().namespace()).isEqualTo("muster");
        assertThat(options.cluster().timings().lease()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.sockets()).isEqualTo(NodeOptions.Sockets.DEFAULT);
        assertThat(options.rooms().policy()).isEqualTo(GroupPolicy.DEFAULT);
        assertThat(options.logging()).isEqualTo(Logging.DEFAULT);
        assertThat(options.drainTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.nodeId()).matches("[A-Za-z0-9._-]+-8080-[a-z0-9]{4}");
    }

    @Test
    @DisplayName("two nodes without a name never have the same, not even one after the other on one port")
    void generatedNames() {
        assertThat(flags().nodeId()).isNotEqualTo(flags().nodeId());
    }

    @Test
    @DisplayName("a Redis server named anywhere makes redis the registry, unless another is named")
    void registryByRedis() {
        assertThat(flags("redis", "redis://a").cluster().registry()).isEqualTo("redis");
        assertThat(environment("REDIS_URL", "redis://a").cluster().registry()).isEqualTo("redis");
        assertThat(environment("REDIS_URL", "redis://a").cluster().options()).containsEntry("redis", "redis://a");
        assertThat(environment("REDIS_URL", "").cluster().registry()).isEqualTo("hazelcast");

        NodeOptions memory = reader.read(map("registry", "mock"), map("REDIS_URL", "redis://a"), null);
        assertThat(memory.cluster().registry()).isEqualTo("memory");
        assertThat(memory.cluster().options()).isEmpty();
    }

    @Test
    @DisplayName("flag before own variable before common variable before file before fallback before default")
    void precedence() throws IOException {
        Path file = Files.writeString(folder.resolve("muster.yaml"), "port: 4\n");
        Map<String, String> all = map("MUSTER_PORT", "2", "PORT", "3");
        assertThat(reader.read(map("port", "1"), all, file).http().port()).isEqualTo(1);
        assertThat(reader.read(Map.of(), all, file).http().port()).isEqualTo(2);
        assertThat(reader.read(Map.of(), map("PORT", "3"), file).http().port()).isEqualTo(3);
        OptionReader demo = new OptionReader(RegistryProviders.load(), map("port", "5", "log-broadcasts", "true"));
        assertThat(demo.read(Map.of(), Map.of(), file).http().port()).isEqualTo(4);
        assertThat(demo.read(Map.of(), Map.of(), null).http().port()).isEqualTo(5);
        assertThat(demo.read(Map.of(), map("MUSTER_LOG_BROADCASTS", "off"), null)
                        .logging()
                        .broadcasts())
                .isFalse();
    }

    @Test
    @DisplayName("rooms are given spaces, in the order said; a room's name may have an equals sign")
    void roomSpaces() throws IOException {
        assertThat(flags().rooms().spaces()).isEmpty();
        assertThat(flags("room-space", "lobby=world").rooms().spaces()).containsExactly(Map.entry("lobby", "world"));
        assertThat(file("room-space: [game-7=seven, 'game-*=games', a=b=c]")
                        .rooms()
                        .spaces())
                .containsExactly(Map.entry("game-7", "seven"), Map.entry("game-*", "games"), Map.entry("a=b", "c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "lobby", "=world", "lobby=", "lobby=a b", "lobby=a,", "a=b,a=c", "lobby=ä", "a\u0007=b"})
    @DisplayName("what is no list of rooms with spaces is refused by name")
    void noRoomSpaces(String text) {
        assertThatThrownBy(() -> flags("room-space", text))
                .isInstanceOf(InvalidOption.class)
                .hasMessageContaining("--room-space must be room=space");
    }

    @Test
    @DisplayName("the environment may name the file; a flag wins over it")
    void fileByEnvironment() throws IOException {
        Path one = Files.writeString(folder.resolve("one.yaml"), "port: 1\n");
        Path two = Files.writeString(folder.resolve("two.yaml"), "port: 2\n");
        Map<String, String> environment = map("MUSTER_CONFIG", one.toString());
        assertThat(reader.read(Map.of(), environment, null).http().port()).isEqualTo(1);
        assertThat(reader.read(Map.of(), environment, two).http().port()).isEqualTo(2);
    }

    @Test
    @DisplayName("a file: scalars, lists, and rooms by pattern that inherit what they do not say")
    void yaml() throws IOException {
        NodeOptions options = file("""
                # a comment
                host: 127.0.0.1
                allow-origin:
                  - https://chat.example.org
                  - https://other.example.org:8443
                history-age: 5m
                insecure: true
                spaces: [garden, cellar]
                rooms:
                  "game-*":
                    presence: off
                    history-messages: 0
                  "*":
                    history-bytes: 64KiB
                """);
        assertThat(options.access().allowedOrigins())
                .containsExactlyInAnyOrder("https://chat.example.org", "https://other.example.org:8443");
        assertThat(options.access().insecure()).isTrue();
        assertThat(options.spaces().further()).containsExactly("garden", "cellar");
        GroupPolicy base = GroupPolicy.DEFAULT.withHistory(100, Duration.ofMinutes(5));
        assertThat(options.rooms().policy()).isEqualTo(base);
        assertThat(options.rooms().byPattern().keySet()).containsExactly("game-*", "*");
        assertThat(options.rooms().byPattern().get("game-*"))
                .isEqualTo(base.withHistory(0, Duration.ofMinutes(5)).withPresence(Presence.OFF));
        assertThat(options.rooms().byPattern().get("*").historyBytes()).isEqualTo(64 << 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n"})
    @DisplayName("an empty file says nothing")
    void emptyFile(String text) throws IOException {
        assertThat(file(text).http().port()).isEqualTo(8080);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port: 1\\nport: 2             | not YAML: %s, line 2
            port: [                       | not YAML: %s, line
            - port                        | has no "option: value" lines: %s
            port:                         | port must have one value in %s
            port: {a: b}                  | port must have one value in %s
            prot: 1                       | prot in %s is not an option, did you mean port?
            max-message: 1GiB             | max-message in %s must be 1KiB to 10MiB, but is "1GiB"
            rooms: {a: {age: 1}}          | age of the rooms "a" is not an option
            rooms: {a: {history-age: 2d}} | history-age of the rooms "a" must be 0s to 24h, but is "2d"
            rooms: 3                      | has no "option: value" lines: %s
            """)
    @DisplayName("a wrong file: what, where and what is allowed")
    void wrongFile(String text, String complaint) {
        assertThatThrownBy(() -> file(text.replace("\\n", "\n")))
                .isInstanceOf(InvalidOption.class)
                .hasMessageContaining(
                        complaint.replace("%s", folder.resolve("muster.yaml").toString()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port              | -1                  | --port must be 0 to 65535, but is "-1"
            port              | 65536               | --port must be 0 to 65535, but is "65536"
            port              | ''                  | --port must be 0 to 65535, but is ""
            node-id           | a b                 | --node-id must be 1 to 64 characters of A-Z a-z 0-9 . _ -, but is "a b"
            cluster           | ä                   | --cluster must be 1 to 64 characters
            lease             | 0s                  | --lease must be 1s to 10m, but is "0s"
            lease             | ten                 | --lease must be 1s to 10m, but is "ten"
            lease             | 1s                  | --operation-timeout must be shorter than --lease, which is 1s, but is 2s
            ping-timeout      | 25s                 | --ping-timeout must be longer than --ping-interval, which is 25s, but is 25s
            outbox            | 64KiB               | --outbox must hold at least one message of --max-message, which is 1MiB, but is 64KiB
            auth              | none                | --auth must be dev or jwt, but is "none"
            insecure          | maybe               | --insecure must be true or false, but is "maybe"
            log-format        | xml                 | --log-format must be text or json, but is "xml"
            registry          | etcd                | --registry must be memory, mock, redis or hazelcast, but is "etcd"
            host              | 0.0.0.0             | --host must be a loopback address with --auth dev
            host              | ::                  | --host must be a loopback address with --auth dev
            host              | 127.0.0.1.evil.org  | --host must be a loopback address with --auth dev
            host              | a b                 | --host must be an address or a host name, but is "a b"
            allow-origin      | *                   | --allow-origin must be scheme://host
            allow-origin      | https://a.org/path  | --allow-origin must be scheme://host
            allow-origin      | https://a.org,b.org | --allow-origin must be scheme://host
            trusted-proxies   | proxy.example.org   | --trusted-proxies must be addresses or networks
            spaces            | a b                 | --spaces must be names of 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, several with commas between them, but is "a b"
            spaces            | a,,b                | --spaces must be names of 1 to 128 characters
            spaces            | garden,gärten       | --spaces must be names of 1 to 128 characters
            history-messages  | 10001               | --history-messages must be 0 to 10000
            portt             | 1                   | --portt is not an option, did you mean port?
            zzz               | 1                   | --zzz is not an option
            hazelcast-members | a:1                 | ok
            redis-buckets     | 3                   | --redis-buckets is for --registry redis, but the registry is hazelcast
            """)
    @DisplayName("a wrong flag: one sentence that names it and what is allowed")
    void wrongFlag(String name, String value, String complaint) {
        if (complaint.equals("ok")) {
            assertThat(flags(name, value).cluster().options()).containsEntry(name, value);
            return;
        }
        assertThatThrownBy(() -> flags(name, value))
                .isInstanceOf(InvalidOption.class)
                .hasMessageStartingWith(complaint)
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("\n"));
    }

    @Test
    @DisplayName("open to the network in development only with --insecure")
    void insecure() {
        assertThat(flags("host", "0.0.0.0", "insecure", "true").http().isLoopback())
                .isFalse();
        for (String loopback : new String[] {"localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"}) {
            assertThat(flags("host", loopback).http().isLoopback()).isTrue();
        }
    }

    @Test
    @DisplayName("a variable of ours that is no option stops the start; what Kubernetes adds does not")
    void variables() {
        assertThatThrownBy(() -> environment("MUSTER_LEESE", "3s"))
                .hasMessage("MUSTER_LEESE is not an option, did you mean MUSTER_LEASE?");
        assertThatThrownBy(() -> environment("PORT", "x")).hasMessageStartingWith("PORT must be");
        NodeOptions options = environment(
                "MUSTER_PORT", "tcp://10.0.0.1:8080",
                "MUSTER_SERVICE_HOST", "10.0.0.1",
                "MUSTER_SERVICE_PORT", "8080",
                "MUSTER_PORT_8080_TCP_ADDR", "10.0.0.1",
                "MUSTER_REDIS_PORT", "tcp://10.0.0.2:6379",
                "MUSTER_JAVA_OPTS", "-Xmx1g",
                "PORT", "9000");
        assertThat(options.http().port()).isEqualTo(9000);
        assertThat(options.cluster().registry()).isEqualTo("hazelcast");
    }

    @Test
    @DisplayName("a library's options are called by their names")
    void library() {
        assertThat(NodeOptions.of(Map.of("port", "0", "registry", "memory"))
                        .http()
                        .port())
                .isZero();
        assertThatThrownBy(() -> NodeOptions.of(Map.of("port", "x"))).hasMessageStartingWith("port must be");
        assertThat(NodeOptions.defaults().cluster().registry()).isEqualTo("hazelcast");
    }
}
