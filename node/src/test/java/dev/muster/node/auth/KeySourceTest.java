package dev.muster.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Interception;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeySourceTest {

    private Vertx vertx;
    private String url;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        HttpServer issuer = vertx.createHttpServer()
                .requestHandler(request -> request.response().end("the keys"))
                .listen(0, "127.0.0.1")
                .await();
        url = "http://127.0.0.1:" + issuer.actualPort() + "/keys";
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    @DisplayName("an answer that is there before the thread that asked goes on is read whole")
    void slowerThanTheAnswer() {
        HttpClient client = KeySource.client(vertx);
        HttpClient slow = Interception.of(HttpClient.class, (method, args) -> {
            Object result = method.invoke(client, args);
            return method.getName().equals("request") ? slow((Future<?>) result) : result;
        });
        assertThat(KeySource.get(slow, url).await()).isEqualTo("the keys");
    }

    /** A future after whose {@code compose} the caller is held up until that has come about. */
    private static Future<?> slow(Future<?> future) {
        return Interception.of(Future.class, (method, args) -> {
            Object result = method.invoke(future, args);
            if (method.getName().equals("compose")) {
                await().until(((Future<?>) result)::isComplete);
            }
            return result;
        });
    }
}
