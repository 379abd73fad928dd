package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command: what it prints, and how it ends. */
class CommandIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            node --prot 8080                        | --prot is not an option, did you mean --port?
            node --port 70000                       | --port must be 0 to 65535, but is "70000".
            node --port                             | --port needs a value.
            node --port 1 --port 2                  | --port is given twice.
            node here                               | "here" is not expected here
            nod                                     | "nod" is not a command, did you mean node?
            node --ping-interval 2m                 | --ping-timeout must be longer than --ping-interval
            node --registry memory --redis redis://a| --redis is for --registry redis, but the registry is memory.
            node --registry postgres                | --registry must be memory, mock, redis or hazelcast, but is
            node --redis ftp://a                    | --redis must
            node --room-space lobby                 | --room-space must be room=space
            node --registry memory --room-space a=b | room-space must name spaces that there are (world), but names b.
            node --host 0.0.0.0                     | --insecure
            node --spaces a/b                       | --spaces must be names of 1 to 128 characters of A-Z a-z 0-9 . _ ~ -
            node --config /nowhere/muster.yaml      | --config names a file that does not exist: /nowhere/muster.yaml.
            demo --port 65535                       | must be at most 65533
            connect                                 | connect needs a URL
            connect http://a                        | must be ws://host:port, wss://host:port or tcp://host:port
            connect ws://a --protocol smoke         | --protocol must be one of relay, chat, events, packet, sync, protobuf
            connect ws://a --rom b                  | --rom is not an option, did you mean --room?
            connect tcp://a --protocol chat         | tcp:// speaks packet
            connect ws://a/ws/x --room y            | --room is for a URL without a path
            connect ws://a --token a\u0007b         | --token must be visible ASCII
            connect ws://a ws://b                   | "ws://b" is not expected here
            """)
    @DisplayName("a wrong command line: one sentence, exit code 2")
    void wrong(String arguments, String sentence) {
        try (MusterProcess muster = MusterProcess.run(arguments.trim().split(" +"))) {
            assertThat(muster.exitCode()).as("%s", muster.err()).isEqualTo(2);
            assertThat(muster.err())
                    .singleElement()
                    .asString()
                    .startsWith("muster: ")
                    .contains(sentence.trim());
            assertThat(muster.out()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, true", "rw----r--, true", "rw-r-----, false", "rw-------, false"})
    @DisplayName("a secret that every user of the machine can read is one to be warned of, and works")
    void openSecret(String rights, boolean warned) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "7c0b9f2e4d6a48c1b3e5f7a9d1c3e5f7\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        try (MusterProcess node = MusterProcess.node("--registry", "memory", "--jwt-secret-file", file.toString())) {
            node.awaitReady();
            if (warned) {
                node.awaitError(file.toString());
            }
            assertThat(Stream.concat(node.out().stream(), node.err().stream())
                            .filter(line -> line.contains("WARN") && line.contains(file.toString()))
                            .count())
                    .isEqualTo(warned ? 1 : 0);
        }
    }

    @Test
    @DisplayName("a wrong variable, and a wrong line in a file")
    void wrongElsewhere() throws IOException {
        try (MusterProcess muster = MusterProcess.run(Map.of("PORT", "http"), "node")) {
            assertThat(muster.exitCode()).isEqualTo(2);
            assertThat(muster.err()).containsExactly("muster: PORT must be 0 to 65535, but is \"http\".");
        }
        Path file = Files.writeString(folder.resolve("muster.yaml"), "port: 8080\nredis-pasword: x\n");
        try (MusterProcess muster = MusterProcess.run("node", "--config", file.toString())) {
            assertThat(muster.exitCode()).isEqualTo(2);
            assertThat(muster.err())
                    .containsExactly(
                            "muster: redis-pasword in " + file + " is not an option, did you mean redis-password?");
        }
    }

    @Test
    @DisplayName("help names every command and every option, those of the registries too")
    void help() {
        try (MusterProcess muster = MusterProcess.run("--help")) {
            assertThat(muster.exitCode()).isZero();
            assertThat(String.join("\n", muster.out())).contains("node ", "demo ", "check ", "version ");
        }
        try (MusterProcess muster = MusterProcess.run("node", "--help")) {
            assertThat(muster.exitCode()).isZero();
            assertThat(String.join("\n", muster.out()))
                    .contains("--port=", "--config=", "--redis=", "REDIS_URL", "--hazelcast-members=", "INSTANCE_ID");
        }
    }

    @Test
    @DisplayName("the version is the packaged one")
    void version() {
        try (MusterProcess muster = MusterProcess.run("version")) {
            assertThat(muster.exitCode()).isZero();
            assertThat(muster.out()).singleElement().asString().matches("Muster \\d\\S*, Java \\d+.*");
        }
    }

    @Test
    @DisplayName("a node alone: ready line, health, Ctrl-C")
    void alone() {
        try (MusterProcess node =
                MusterProcess.run(Map.of("PORT", "0", "INSTANCE_ID", "solo"), "node", "--registry", "mock")) {
            node.awaitReady();
            String url = "http://127.0.0.1:" + node.port();
            assertThat(node.out())
                    .containsExactly(
                            "WebSocket server listening on 127.0.0.1:" + node.port(),
                            "Node solo is ready: " + url + ", registry memory, alone");
            assertThat(node.json("/health").getString("status")).isEqualTo("up");
            assertThat(node.json("/health").getString("node")).isEqualTo("solo");
            assertThat(node.json("/ready"))
                    .isEqualTo(new JsonObject("{\"status\":\"ready\",\"node\":\"solo\",\"registry\":\"memory\"}"));
            node.signal("INT");
            assertThat(node.exitCode()).isZero();
        }
    }

    @Test
    @DisplayName("spaces by flag: a client may go into one of them, and into world")
    void spaces() {
        try (MusterProcess node = MusterProcess.node("--registry", "memory", "--spaces", "garden,cellar")) {
            node.awaitReady();
            for (String space : List.of("garden", "cellar", "world")) {
                try (WsClient client = WsClient.connect("ws://127.0.0.1:" + node.port() + "/ws/sync?space=" + space)) {
                    client.say("{\"type\":\"subscribe\",\"subscriptionId\":1,\"component\":\"*\"}");
                    client.awaitFrame("{\"type\":\"batch\",\"initial\":[1],\"items\":[]}");
                }
            }
        }
    }

    @Test
    @DisplayName("flag before environment before file before default")
    void precedence() throws IOException {
        Path file = Files.writeString(
                folder.resolve("muster.yaml"),
                "node-id: by-file\nport: 1\nregistry: memory\nrooms:\n  'a*':\n    presence: off\n");
        try (MusterProcess node = MusterProcess.run(
                Map.of("INSTANCE_ID", "by-variable", "PORT", "2", "MUSTER_CONFIG", file.toString()),
                "node",
                "--port",
                "0")) {
            node.awaitReady();
            assertThat(node.json("/ready").getString("node")).isEqualTo("by-variable");
            assertThat(node.json("/ready").getString("registry")).isEqualTo("memory");
        }
    }

    @Test
    @DisplayName("a port in use: a sentence, exit code 1")
    void portInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                MusterProcess node = MusterProcess.run(
                        "node", "--registry", "memory", "--port", Integer.toString(taken.getLocalPort()))) {
            assertThat(node.exitCode()).isEqualTo(1);
            assertThat(node.err())
                    .anyMatch(line -> line.startsWith("muster: cannot listen on 127.0.0.1:" + taken.getLocalPort()))
                    .noneMatch(line -> line.contains("\tat "));
            assertThat(node.out()).isEmpty();
        }
    }

    @Test
    @DisplayName("the demo: three nodes of one cluster, Ctrl-C")
    void demo() throws IOException {
        try (MusterProcess demo = MusterProcess.run(Map.of("PORT", "0"), "demo")) {
            demo.awaitReady();
            List<Integer> ports = demo.ports();
            assertThat(ports).hasSize(3).doesNotHaveDuplicates();
            assertThat(demo.out()).anyMatch(line -> line.contains("wscat -c ws://127.0.0.1:" + ports.get(0)));
            try (WsClient one = WsClient.relay("ws://127.0.0.1:" + ports.get(0) + "/ws/lobby");
                    WsClient other = WsClient.relay("ws://127.0.0.1:" + ports.get(2) + "/ws/lobby");
                    WsClient guest = WsClient.relay("ws://127.0.0.1:" + ports.get(1) + "/ws/world?binary=protobuf")) {
                one.say("hello");
                assertThat(other.frames(1)).containsExactly("hello");
                guest.say(Message.newBuilder()
                        .setMessageId("m")
                        .setTimestamp(1)
                        .setType(MessageType.CLIENT_HELLO)
                        .build()
                        .toByteArray());
                String hello = guest.awaitFrame(frame -> frame.startsWith("0x"));
                assertThat(Message.parseFrom(HexFormat.of().parseHex(hello.substring(2)))
                                .getServerHello()
                                .getInitialState()
                                .getEntitiesCount())
                        .isGreaterThan(200);
                Patience.await("the broadcast is logged")
                        .until(() -> demo.err().stream()
                                .anyMatch(line -> line.contains("Broadcast complete instanceID=demo-1 group=lobby")));
                demo.signal("INT");
                assertThat(one.closeCode()).isEqualTo(4001);
                assertThat(demo.exitCode()).isZero();
            }
        }
    }

    @Test
    @DisplayName("Redis not there at the start: said, not ready, and ready once it is there")
    void redisComesLater() {
        try (RedisProcess redis = new RedisProcess()) {
            redis.kill();
            try (MusterProcess node = MusterProcess.node("--redis", redis.url())) {
                node.awaitListening();
                node.awaitError("cannot be reached");
                assertThat(node.get("/ready").statusCode()).isEqualTo(503);
                assertThat(node.get("/health").statusCode()).isEqualTo(200);
                assertThat(node.out()).noneMatch(line -> line.contains("is ready"));
                redis.start();
                node.awaitReady();
                assertThat(node.get("/ready").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("check says in a line whether the registry works")
    void check() {
        try (RedisProcess redis = new RedisProcess()) {
            try (MusterProcess check = MusterProcess.run("check", "--redis", redis.url())) {
                assertThat(check.exitCode()).as("%s", check.out()).isZero();
                assertThat(check.out()).singleElement().asString().startsWith("redis: works; joined cluster muster");
            }
            redis.kill();
            try (MusterProcess check = MusterProcess.run("check", "--redis", redis.url())) {
                assertThat(check.exitCode()).isEqualTo(1);
                assertThat(check.out())
                        .singleElement()
                        .asString()
                        .startsWith("redis: does not work; reaching it failed: ");
            }
        }
    }

    @Test
    @DisplayName("a node id that a live node has is refused")
    void nodeIdInUse() {
        try (RedisProcess redis = new RedisProcess();
                MusterProcess first = MusterProcess.node("--redis", redis.url(), "--node-id", "twin")
                        .awaitReady();
                MusterProcess second = MusterProcess.node("--redis", redis.url(), "--node-id", "twin")) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err()).anyMatch(line -> line.startsWith("muster: ") && line.contains("in use"));
            assertThat(first.get("/ready").statusCode()).isEqualTo(200);
        }
    }
}
