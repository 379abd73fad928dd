package dev.muster.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthenticatorTest {

    private static final Identity JOHN = new Identity("1", "John Doe", null, Set.of(), true);

    private static Future<Identity> ask(boolean required, String header, Map<String, String> query) {
        return new TokenAuthenticator(new DevTokens(), required, identity -> false)
                .authenticate(new Handshake("/ws/lobby", Map.of(), query, header, "127.0.0.1"));
    }

    private static void assertRefused(Future<Identity> answer) {
        assertThat(answer.cause())
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(401));
    }

    @Test
    @DisplayName("the token comes in the header, in any case of its scheme, or in either name in the query")
    void accepted() {
        assertThat(ask(true, "Bearer valid-token", Map.of()).result()).isEqualTo(JOHN);
        assertThat(ask(true, "bearer  valid-token ", Map.of()).result()).isEqualTo(JOHN);
        assertThat(ask(true, null, Map.of("auth_token", "valid-token")).result())
                .isEqualTo(JOHN);
        assertThat(ask(true, null, Map.of("access_token", "valid-token")).result())
                .isEqualTo(JOHN);
        assertThat(ask(false, null, Map.of("access_token", "valid-token", "client_id", "c"))
                        .result())
                .isEqualTo(new Identity("1", "John Doe", "c", Set.of(), true));
    }

    @Test
    @DisplayName("without a token one is who the query says, where none is required")
    void absent() {
        assertThat(ask(false, null, Map.of()).result()).isEqualTo(Identity.ANONYMOUS);
        assertThat(ask(false, null, Map.of("user_id", "u", "client_id", "c")).result())
                .isEqualTo(new Identity("u", null, "c", Set.of(), false));
        assertRefused(ask(true, null, Map.of("user_id", "u")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer wrong",
                "Basic dmFsaWQtdG9rZW4=",
                "valid-token",
                "Bearervalid-token",
                ""
            })
    @DisplayName("a token that is given is right, required or not")
    void wrong(String header) {
        assertRefused(ask(true, header, Map.of()));
        assertRefused(ask(false, header, Map.of("access_token", "valid-token")));
    }

    @Test
    @DisplayName("a wrong token in the query is refused, and so is the right one for somebody else")
    void wrongInQuery() {
        assertRefused(ask(false, null, Map.of("auth_token", "x")));
        assertRefused(ask(false, null, Map.of("auth_token", "valid-token", "user_id", "2")));
        assertThat(ask(false, null, Map.of("auth_token", "valid-token", "user_id", "1"))
                        .succeeded())
                .isTrue();
    }
}
