package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tokens and the ops port of the packaged program. */
class AccessIT {

    private static final String SECRET = "7c0b9f2e4d6a48c1b3e5f7a9d1c3e5f7";

    private static String token(String... args) {
        List<String> all = new ArrayList<>(List.of("token", "--user", "alice"));
        all.addAll(List.of(args));
        try (MusterProcess process = MusterProcess.run(Map.of("JWT_SECRET", SECRET), all.toArray(new String[0]))) {
            assertThat(process.exitCode()).isZero();
            assertThat(process.out()).hasSize(1);
            return process.out().get(0);
        }
    }

    private static HttpResponse<String> post(MusterProcess node, String path, String body) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://" + node.ops().orElseThrow() + path))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    @DisplayName(
            "a user revoked on one of three nodes is gone from all within two seconds, and from one that starts later")
    void revocation() {
        try (Cluster cluster = new Cluster(Cluster.Kind.REDIS, 3, "--jwt-secret", SECRET, "--ops-port", "0")) {
            String token = token();
            List<WsClient> clients = new ArrayList<>();
            for (MusterProcess node : cluster.nodes()) {
                clients.add(WsClient.connect(node.ws("/ws/lobby?access_token=" + token)));
            }
            clients.forEach(client -> client.frames(1));
            assertThat(post(cluster.node(1), "/admin/revoke", "{\"user\":\"alice\"}")
                            .statusCode())
                    .isEqualTo(200);
            long began = System.nanoTime();
            clients.forEach(client -> assertThat(client.closeCode()).isEqualTo(4505));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            try (MusterProcess later = cluster.start("n4")) {
                later.awaitReady();
                assertThat(later.get("/ws/stats", "Authorization", "Bearer " + token)
                                .statusCode())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    @DisplayName("a drain over the ops port ends the program in order")
    void drain() {
        try (MusterProcess node = MusterProcess.node("--registry", "memory", "--ops-port", "0")) {
            node.awaitReady();
            WsClient client = WsClient.connect(node.ws("/ws/lobby"));
            client.frames(1);
            HttpResponse<String> answer = post(node, "/admin/drain", "");
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(new JsonObject(answer.body()).getString("status")).isEqualTo("draining");
            assertThat(client.closeCode()).isEqualTo(4001);
            assertThat(node.exitCode()).isZero();
        }
    }
}
