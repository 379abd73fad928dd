package dev.muster.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;
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
        HttpClient slow = around(HttpClient.class, client, "request", KeySourceTest::slow);
        assertThat(KeySource.get(slow, url).await()).isEqualTo("the keys");
    }

    /** A future after whose {@code compose} the caller is held up until that has come about. */
    private static Future<?> slow(Future<?> future) {
        return around(Future.class, future, "compose", composed -> {
            await().until(composed::isComplete);
            return composed;
        });
    }

    private static <T> T around(Class<T> type, T inner, String method, UnaryOperator<Future<?>> change) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    Object result = called.invoke(inner, arguments);
                    return called.getName().equals(method) ? change.apply((Future<?>) result) : result;
                }));
    }
}
