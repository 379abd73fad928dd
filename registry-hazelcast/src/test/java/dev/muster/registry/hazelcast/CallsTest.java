package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a call that is not answered (R02). */
class CallsTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void end() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void one_that_is_withdrawn_because_it_took_too_long_has_timed_out() {
        Calls calls = new Calls(vertx, vertx.getOrCreateContext(), Duration.ofSeconds(20));
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> answer = calls.call(
                        () -> work, done -> done, Duration.ofMillis(10), () -> work.cancel(false))
                .toCompletionStage()
                .toCompletableFuture();

        assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT));
    }
}
