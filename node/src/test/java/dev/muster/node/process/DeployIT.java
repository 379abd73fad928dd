package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The deployment files: what cannot be run here is at least read. nginx is run in {@link ClusterIT}. */
class DeployIT {

    private static final Path DEPLOY = Path.of("..", "deploy");

    @TempDir
    Path folder;

    @Test
    @DisplayName("the compose file: three nodes, Redis and nginx, whose files and names are there")
    void compose() throws IOException {
        Path file = DEPLOY.resolve("compose/compose.yaml");
        Map<String, Map<String, Object>> services = section(file, "services");
        assertThat(services.keySet()).containsExactly("redis", "node1", "node2", "node3", "nginx");
        Map<?, ?> build = (Map<?, ?>) services.get("node1").get("build");
        assertThat(file.resolveSibling(build.get("context").toString())
                        .resolve(build.get("dockerfile").toString()))
                .exists();
        for (Object volume : (List<?>) services.get("nginx").get("volumes")) {
            assertThat(file.resolveSibling(volume.toString().split(":")[0])).exists();
        }
        for (int node = 1; node <= 3; node++) {
            Map<?, ?> environment = (Map<?, ?>) services.get("node" + node).get("environment");
            assertThat(environment.get("INSTANCE_ID")).isEqualTo("node" + node);
            assertThat(environment.get("REDIS_URL")).isEqualTo("redis://redis:6379");
        }
        String upstream = Files.readString(file.resolveSibling("upstream.conf"));
        assertThat(upstream).contains("server node1:8080 ", "server node2:8080 ", "server node3:8080 ");
        // The same but for the servers: what is tested with the one holds for the other.
        assertThat(withoutServers(upstream))
                .isEqualTo(withoutServers(Files.readString(DEPLOY.resolve("nginx/upstream.conf"))));
    }

    @SuppressWarnings("unchecked") // what the file holds is what the test is about
    private static <T> Map<String, T> section(Path file, String name) throws IOException {
        Map<String, Object> all = new Yaml().load(Files.readString(file));
        return (Map<String, T>) all.get(name);
    }

    private static String withoutServers(String upstream) {
        return upstream.replaceAll("(?m)^ *server [^\n]*\n", "");
    }

    @Test
    @SuppressWarnings("unchecked") // see section
    @DisplayName("the compose file's health check tells a ready node from one that is not")
    void healthCheck() throws Exception {
        Map<String, Object> check =
                DeployIT.<Object>section(DEPLOY.resolve("compose/compose.yaml"), "x-node").entrySet().stream()
                        .filter(entry -> entry.getKey().equals("healthcheck"))
                        .map(entry -> (Map<String, Object>) entry.getValue())
                        .findFirst()
                        .orElseThrow();
        List<String> test = (List<String>) check.get("test");
        assertThat(test.get(0)).isEqualTo("CMD");
        try (RedisProcess redis = new RedisProcess();
                MusterProcess node = MusterProcess.node("--redis", redis.url()).awaitReady()) {
            assertThat(check(test, node.port())).isZero();
            redis.kill();
            Patience.await("not ready").until(() -> node.get("/ready").statusCode() == 503);
            assertThat(check(test, node.port())).isNotZero();
        }
    }

    private static int check(List<String> test, int port) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        test.forEach(word -> command.add(word.replace("/8080", "/" + port)));
        Process process = new ProcessBuilder(command.subList(1, command.size()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    @DisplayName("the container runs what the build makes, as nobody in particular, and gets its signals")
    void container() throws IOException {
        List<String> lines = Files.readAllLines(DEPLOY.resolve("container/Containerfile"));
        List<String> words = lines.stream()
                .filter(line -> line.matches("[A-Z]+ .*"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(words)
                .isSubsetOf(
                        "FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD");
        assertThat(lines)
                .anyMatch(line -> line.matches("USER [1-9]\\d*:[1-9]\\d*"))
                .anyMatch(line -> line.equals("ENTRYPOINT [\"/opt/muster/muster\"]"))
                .anyMatch(line -> line.matches("COPY --from=build /src/muster /src/node/target/muster.jar \\./"))
                .noneMatch(line -> line.matches("FROM \\S+:latest.*|FROM [^:]+"));
    }

    @Test
    @DisplayName("systemd accepts the unit")
    void systemd() throws IOException, InterruptedException {
        Path analyze = Path.of("/usr/bin/systemd-analyze");
        Assumptions.assumeTrue(Files.isExecutable(analyze), "did not run, because systemd-analyze is not installed");
        // It looks for the program, which is not installed here.
        String unit =
                Files.readString(DEPLOY.resolve("systemd/muster@.service")).replace("/opt/muster/muster", "/bin/true");
        Path copy = Files.writeString(folder.resolve("muster@.service"), unit);
        Process process = new ProcessBuilder(analyze.toString(), "verify", "--man=no", copy.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    @Test
    @DisplayName("nginx waits longer than the node's ping interval, and the unit longer than the drain")
    void times() throws IOException {
        String nginx = Files.readString(DEPLOY.resolve("nginx/muster.conf"));
        assertThat(nginx).contains("proxy_read_timeout 75s;", "proxy_send_timeout 75s;", "proxy_http_version 1.1;");
        assertThat(Files.readString(DEPLOY.resolve("nginx/upstream.conf")))
                .doesNotContainPattern("(?m)^ *(ip_hash|hash|sticky)");
        assertThat(Files.readString(DEPLOY.resolve("systemd/muster@.service"))).contains("TimeoutStopSec=30s");
        assertThat(Files.readString(DEPLOY.resolve("compose/compose.yaml"))).contains("stop_grace_period: 30s");
    }
}
