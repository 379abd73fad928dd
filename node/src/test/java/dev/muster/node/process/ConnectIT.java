package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The client for the terminal, as processes that talk over a node. */
class ConnectIT {

    private MusterProcess node;

    @BeforeEach
    void start() {
        node = MusterProcess.node("--registry", "memory").awaitReady();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private MusterProcess connect(String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "connect";
        all[1] = node.ws("");
        System.arraycopy(options, 0, all, 2, options.length);
        return MusterProcess.run(all);
    }

    @Test
    @DisplayName("two talk in two protocols, and both end well: one by the end of its input, one by a signal")
    void talk() {
        try (MusterProcess ann = connect("--name", "ann");
                MusterProcess john = connect("--protocol", "chat", "--room", "lobby")) {
            ann.awaitLine("SERVER_HELLO");
            john.awaitLine("Welcome John Doe to lobby!");
            ann.type("hello \u001b[31m caf\u00e9");
            john.awaitLine("[ann]: hello \\u{1b}[31m caf\u00e9");
            john.type("hi ann");
            ann.awaitLine("[John Doe]: hi ann");

            ann.endInput();
            assertThat(ann.exitCode()).isZero();
            john.awaitLine("ann left the room");
            john.signal("INT");
            assertThat(john.exitCode()).isZero();
        }
    }

    @Test
    @DisplayName("protobuf and packets meet")
    void binary() {
        try (MusterProcess ann = connect("--protocol", "protobuf", "--name", "ann")) {
            ann.awaitLine("type: SERVER_HELLO");
            try (MusterProcess bob = connect("--protocol", "packet")) {
                ann.awaitLine(" joined, host ");
                ann.type("from protobuf");
                bob.awaitLine("[ann]: from protobuf");
                bob.type("from packets");
                ann.awaitLine("]: from packets");
            }
        }
    }

    @Test
    @DisplayName("what one does with entities, another sees")
    void entities() {
        try (MusterProcess ann = connect("--protocol", "sync");
                MusterProcess bob = connect("--protocol", "sync")) {
            ann.type("spawn Name {\"name\":\"ship\"}");
            bob.awaitLine("Name {\"name\":\"ship\"}");
            ann.awaitLine("* ok ");
            bob.type("spawn Nothing {}");
            bob.awaitLine("! not found: no component is called Nothing");
        }
    }

    @Test
    @DisplayName("what was typed before the end of the input is said")
    void pipe() {
        try (MusterProcess reader = connect()) {
            reader.awaitLine("SERVER_HELLO");
            try (MusterProcess writer = connect()) {
                writer.type("one").type("two").endInput();
                assertThat(writer.exitCode()).isZero();
            }
            reader.awaitLine("one").awaitLine("two");
        }
    }

    @Test
    @DisplayName("nobody there, or not wanted: exit code 1 and why")
    void refused() {
        int free = Ports.free();
        try (MusterProcess lost = MusterProcess.run("connect", "ws://127.0.0.1:" + free)) {
            assertThat(lost.exitCode()).isEqualTo(1);
            assertThat(lost.err()).singleElement().asString().contains("cannot be reached");
        }
        try (MusterProcess unwanted = connect("--token", "wrong")) {
            assertThat(unwanted.exitCode()).isEqualTo(1);
            assertThat(unwanted.err()).singleElement().asString().contains("401");
        }
    }

    @Test
    @DisplayName("a node that stops is waited for")
    void comesBack() {
        int port = node.port();
        try (MusterProcess ann = connect("--name", "ann")) {
            ann.awaitLine("SERVER_HELLO");
            node.signal("TERM");
            ann.awaitError("4001").awaitError("coming back");
            assertThat(node.exitCode()).isZero();
            node = MusterProcess.run("node", "--registry", "memory", "--port", Integer.toString(port))
                    .awaitReady();
            Patience.await("two hellos")
                    .until(() -> ann.out().stream()
                                    .filter(line -> line.contains("SERVER_HELLO"))
                                    .count()
                            == 2);
            ann.endInput();
            assertThat(ann.exitCode()).isZero();
        }
    }

    @Test
    @DisplayName("help names every option")
    void help() {
        try (MusterProcess help = MusterProcess.run("connect", "--help")) {
            assertThat(help.exitCode()).isZero();
            assertThat(String.join("\n", help.out()))
                    .contains(
                            "muster connect <url> [OPTIONS]",
                            "--protocol=",
                            "--room=",
                            "--name=",
                            "--token=",
                            "--ack",
                            "--raw",
                            "--trust=",
                            "MUSTER_TOKEN",
                            "Exit code 0");
        }
    }
}
