package dev.muster.node.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NotifyEndpointTest {

    @Test
    @DisplayName("what nobody thought of is answered with 500, without its reason")
    void unexpected() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Permission broken = new Permission(
                    handshake -> Future.<Identity>failedFuture(new IllegalStateException("expected by this test")),
                    true);
            NotifyEndpoint endpoint = new NotifyEndpoint(broken, null, Clock.systemUTC());
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(endpoint::answer)
                    .listen(0)
                    .await();
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + server.actualPort() + "/api/notify"))
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"message\":\"x\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(new JsonObject(answer.body()).getString("message")).isEqualTo("internal error");
            assertThat(answer.body()).doesNotContain("expected by this test", "Exception");
        } finally {
            vertx.close().await();
        }
    }
}
