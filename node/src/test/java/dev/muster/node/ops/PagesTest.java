package dev.muster.node.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.Node;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The pages as a browser fetches them. */
class PagesTest {

    private static final Pattern REFERENCE =
            Pattern.compile("(?:src|href)=\"(/client/[^\"]+)\"|(?:from|import) '\\./([^']+)'");

    private final HttpClient http = HttpClient.newHttpClient();
    private Node node;

    @BeforeEach
    void start() throws Exception {
        node = Node.builder()
                .registry("memory")
                .option("cluster", "pages-" + UUID.randomUUID())
                .nodeId("n1")
                .port(0)
                .start()
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        node.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private HttpResponse<String> request(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    @DisplayName("each page may do nothing but what comes from here, and everything it consists of is served")
    void everythingIsThere() throws Exception {
        Deque<String> left = new ArrayDeque<>(Pages.BY_PATH.keySet());
        Set<String> seen = new HashSet<>(left);
        while (!left.isEmpty()) {
            String path = left.pop();
            HttpResponse<String> answer = request("GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(header(answer, "Content-Security-Policy"))
                    .as(path)
                    .startsWith("default-src 'self';")
                    .contains("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'")
                    .doesNotContain("unsafe");
            assertThat(header(answer, "X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(header(answer, "Content-Type")).as(path).startsWith(typeOf(path));
            Matcher references = REFERENCE.matcher(answer.body());
            while (references.find()) {
                String reference = references.group(1) == null ? "/client/" + references.group(2) : references.group(1);
                if (seen.add(reference)) {
                    left.push(reference);
                }
            }
        }
        assertThat(seen)
                .contains(
                        "/inspector",
                        "/world",
                        "/cluster",
                        "/client/muster-sync.js",
                        "/client/sync-view.js",
                        "/client/base.css");
    }

    @Test
    @DisplayName("the world looks at another node of the same host, and no header says otherwise")
    void neighbours() throws Exception {
        assertThat(header(request("GET", "/world"), "Content-Security-Policy"))
                .endsWith("; connect-src 'self' ws://127.0.0.1:* wss://127.0.0.1:*");
        assertThat(header(request("GET", "/inspector"), "Content-Security-Policy"))
                .doesNotContain("connect-src");
        for (String host : List.of("[::1]:80", "a;script-src *", "*")) {
            assertThat(raw("GET /world HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .doesNotContain("connect-src")
                    .doesNotContain("script-src *");
        }
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", node.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    @DisplayName("the figures of the cluster, for its page")
    void cluster() throws Exception {
        HttpResponse<String> answer = request("GET", "/api/cluster");
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject json = new JsonObject(answer.body());
        assertThat(json.fieldNames())
                .containsExactly(
                        "timestamp",
                        "node",
                        "status",
                        "registry",
                        "uptime",
                        "nodes",
                        "connections",
                        "room_count",
                        "rooms",
                        "here");
        assertThat(json.getJsonArray("nodes")).containsExactly("n1");
        assertThat(json.getString("status")).isEqualTo("ready");
        assertThat(json.getLong("connections")).isZero();
        assertThat(request("POST", "/api/cluster").statusCode()).isEqualTo(405);
    }

    private static String typeOf(String path) {
        if (path.endsWith(".js")) {
            return "text/javascript";
        }
        if (path.endsWith(".css")) {
            return "text/css";
        }
        return path.endsWith(".svg") ? "image/svg+xml" : "text/html";
    }

    @Test
    @DisplayName("what a browser has it does not get again, and what is not there is said")
    void known() throws Exception {
        String tag = header(request("GET", "/client/muster-sync.js"), "ETag");
        HttpResponse<String> again = request("GET", "/client/muster-sync.js", "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(request("GET", "/client/muster-sync.d.ts"), "Content-Type"))
                .startsWith("text/plain");
        assertThat(request("HEAD", "/inspector").statusCode()).isEqualTo(200);
        assertThat(request("POST", "/inspector").statusCode()).isEqualTo(405);
        for (String absent : new String[] {"/client/inspector.html", "/client/nothing.js", "/inspector/x"}) {
            assertThat(request("GET", absent).statusCode()).as(absent).isEqualTo(404);
        }
    }
}
