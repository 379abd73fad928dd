package dev.muster.node.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The example runs as a process of its own, and is the one that is printed. */
class ExampleTest {

    private static final Pattern PORT = Pattern.compile("listening on port (\\d+)");

    @Test
    @DisplayName("the ten-line main serves a handler of its own")
    void runs() throws Exception {
        File output = File.createTempFile("example", ".log", new File("target"));
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Echo.class.getName(),
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            Matcher port = await().atMost(Duration.ofSeconds(60))
                    .until(() -> PORT.matcher(Files.readString(output.toPath())), Matcher::find);
            assertThat(ask("ws://127.0.0.1:" + port.group(1) + "/echo/you", "hi"))
                    .isEqualTo("you: hi");
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @DisplayName("the documentation shows the example as it is compiled")
    void shown() throws Exception {
        String source = Files.readString(Path.of("src/test/java/dev/muster/node/example/Echo.java"));
        String body = source.substring(source.indexOf("        Node.builder()"), source.indexOf("    }\n}"));
        String page = Files.readString(Path.of("../docs/library.md"));
        assertThat(page.replaceAll("\\s", "")).contains(body.replaceAll("\\s", ""));
    }

    private static String ask(String uri, String question) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(uri), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        answer.complete(text.toString());
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
        socket.sendText(question, true);
        return answer.get(10, TimeUnit.SECONDS);
    }
}
