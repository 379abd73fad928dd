package dev.muster.node.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.muster.node.Node;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the dashboard, the alerts and the documentation ask for is what a node tells. */
class DashboardTest {

    private static final Path DASHBOARD = Path.of("../deploy/grafana/muster.json");
    private static final Path ALERTS = Path.of("../deploy/prometheus/muster-alerts.yml");
    private static final Path SCRAPE = Path.of("../deploy/prometheus/prometheus.yml");
    private static final Path OPERATIONS = Path.of("../docs/operations.md");

    /** Labels that Prometheus gives. */
    private static final Set<String> TARGET_LABELS = Set.of("job", "instance");

    private static final Pattern NAME = Pattern.compile("\\b(?:muster|jvm|process)_[a-z0-9_]+");
    private static final Pattern SELECTOR = Pattern.compile("(" + NAME.pattern() + ")(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(?:=~|!=|=|!~)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|without) \\(([^)]*)\\)");

    private static Exposition node;

    @BeforeAll
    static void askANode() throws Exception {
        Vertx vertx = Vertx.vertx();
        Node started = get(Node.builder()
                .registry("memory")
                .option("cluster", "dashboard-" + UUID.randomUUID())
                .port(0)
                .start());
        try {
            misbehave(vertx.createWebSocketClient(), started);
            await().until(() -> scrape(started).contains("muster_connections_closed_total{"));
            node = new Exposition(scrape(started));
        } finally {
            get(started.close());
            get(vertx.close());
        }
    }

    /** So that each kind of figure is there: some appear with the first of their kind. */
    private static void misbehave(WebSocketClient sockets, Node node) throws Exception {
        WebSocket echo = get(sockets.connect(node.port(), "127.0.0.1", "/ws/simple"));
        get(echo.writeBinaryMessage(Buffer.buffer("bad input here")));
        await().until(() -> scrape(node).contains("muster_bad_input_total{"));
        get(echo.close());
        Future<WebSocket> refused = sockets.connect(node.port(), "127.0.0.1", "/ws/chat/lobby");
        await().until(refused::isComplete);
        assertThat(refused.failed()).isTrue();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static String scrape(Node node) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/metrics"))
                .header("Accept", "text/plain")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    @DisplayName("every query of the dashboard asks for metrics and labels that a node has")
    void dashboard() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        List<String> rows = new ArrayList<>();
        List<String> queries = new ArrayList<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").asInt()))
                    .as("id of panel %s is its own", panel.get("title"))
                    .isTrue();
            if (panel.get("type").asText().equals("row")) {
                rows.add(panel.get("title").asText());
            } else {
                assertThat(panel.path("description").asText())
                        .as(panel.get("title").asText())
                        .isNotBlank();
                assertThat(panel.get("targets")).isNotEmpty();
            }
        }
        dashboard.findValues("expr").forEach(query -> queries.add(query.asText()));
        assertThat(rows).containsExactly("Traffic", "Latency", "Connections", "Registry", "JVM");
        assertThat(queries).hasSizeGreaterThan(40);
        queries.forEach(DashboardTest::assertAnswerable);
        assertThat(queries).allSatisfy(query -> assertThat(query).contains("$job", "$instance"));
    }

    @Test
    @DisplayName("every alert asks for what a node has, and the documentation says what to do")
    void alerts() throws IOException {
        JsonNode alerts = new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile());
        String operations = Files.readString(OPERATIONS);
        Set<String> names = new TreeSet<>();
        for (JsonNode group : alerts.get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                String name = rule.get("alert").asText();
                assertThat(names.add(name)).as(name).isTrue();
                assertAnswerable(rule.get("expr").asText());
                assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
                assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
                assertThat(rule.at("/annotations/runbook").asText())
                        .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
                assertThat(operations).contains("\n### " + name + "\n\n");
            }
        }
        assertThat(operations.lines().filter(line -> line.startsWith("### Muster")))
                .hasSize(names.size());
    }

    @Test
    @DisplayName("the scrape example names the alerts and the path that nodes answer")
    void scrapeExample() throws IOException {
        JsonNode scrape = new ObjectMapper(new YAMLFactory()).readTree(SCRAPE.toFile());
        assertThat(SCRAPE.resolveSibling(scrape.at("/rule_files/0").asText())).exists();
        assertThat(scrape.at("/scrape_configs/0/metrics_path").asText()).isEqualTo("/metrics");
        assertThat(scrape.at("/scrape_configs/0/job_name").asText()).isEqualTo("muster");
    }

    @Test
    @DisplayName("the table in the documentation has a node's metrics with their labels, and each has a help text")
    void table() throws IOException {
        Set<String> described = new TreeSet<>();
        for (String line : Files.readAllLines(OPERATIONS)) {
            if (line.startsWith("| `muster_")) {
                String[] cells = line.split("\\|", -1);
                Matcher name = NAME.matcher(cells[1]);
                while (name.find()) {
                    described.add(name.group());
                    assertThat(node.has(name.group())).as(name.group()).isTrue();
                    for (String label : cells[2].isBlank()
                            ? new String[0]
                            : cells[2].strip().split(", ")) {
                        assertThat(node.labels(name.group())).as(line).contains(label);
                    }
                }
            }
        }
        assertThat(described).hasSizeGreaterThan(25);
        assertThat(node.families())
                .allSatisfy(family -> assertThat(node.help(family)).as(family).isNotBlank());
    }

    private static void assertAnswerable(String query) {
        Set<String> known = new TreeSet<>(TARGET_LABELS);
        Matcher selector = SELECTOR.matcher(query.replaceAll("\"[^\"]*\"", "\"x\""));
        while (selector.find()) {
            String name = selector.group(1);
            assertThat(node.has(name)).as("%s in %s", name, query).isTrue();
            known.addAll(node.labels(name));
        }
        assertThat(query.startsWith("up{")
                        || known.size() > TARGET_LABELS.size()
                        || NAME.matcher(query).find())
                .as("asks for something: %s", query)
                .isTrue();
        Matcher full = SELECTOR.matcher(query);
        while (full.find()) {
            if (full.group(2) != null) {
                assertMatchers(query, full.group(1), full.group(2));
            }
        }
        Matcher grouping = GROUPING.matcher(query);
        while (grouping.find()) {
            for (String label : grouping.group(1).split(",")) {
                assertThat(known).as(query).contains(label.strip());
            }
        }
    }

    private static void assertMatchers(String query, String name, String matchers) {
        Matcher matcher = MATCHER.matcher(matchers);
        while (matcher.find()) {
            String label = matcher.group(1);
            if (TARGET_LABELS.contains(label)) {
                continue;
            }
            assertThat(node.labels(name)).as(query).contains(label);
            for (String value : matcher.group(2).split("\\|")) {
                assertThat(node.values(label).contains(value) || isPossible(value))
                        .as("%s=%s in %s", label, value, query)
                        .isTrue();
            }
        }
    }

    /** Words that the program uses, though nothing of the kind has happened to this node. */
    private static boolean isPossible(String value) {
        Set<String> words = new TreeSet<>(Set.of("401", "403", "429", "500", "lost"));
        for (RegistryException.Reason reason : RegistryException.Reason.values()) {
            words.add(reason.name().toLowerCase(Locale.ROOT));
        }
        for (ErrorCode code : ErrorCode.values()) {
            words.add(code.code());
        }
        for (CloseReason reason : List.of(CloseReason.SLOW, CloseReason.NO_PONG, CloseReason.INTERNAL)) {
            words.add(reason.text());
        }
        words.add("server");
        return words.contains(value);
    }
}
