package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisSettingsTest {

    private static RedisSettings url(String url) {
        return RedisSettings.of(Map.of(RedisSettings.URL, url));
    }

    @Test
    void without_options_it_is_the_server_of_this_machine() {
        RedisSettings settings = RedisSettings.of(Map.of());

        assertThat(settings.connection()).isEqualTo("redis://127.0.0.1:6379");
        assertThat(settings.user()).isNull();
        assertThat(settings.password()).isNull();
        assertThat(settings.buckets()).isNull();
        assertThat(settings.tls()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "redis://example.org, redis://example.org:6379",
        "redis://example.org/, redis://example.org:6379",
        "redis://example.org:7000/3, redis://example.org:7000/3",
        "redis://[::1]:7000, redis://[::1]:7000",
        "rediss://example.org, rediss://example.org:6379",
        "redis://u:p@example.org:1, redis://example.org:1",
    })
    void the_connection_is_the_url_without_secrets(String given, String expected) {
        assertThat(url(given).connection()).isEqualTo(expected);
        assertThat(url(given).toString()).isEqualTo(expected);
    }

    @Test
    void user_and_password_come_from_the_url_decoded() {
        RedisSettings settings = url("redis://us%40er:p%40ss%2F%25+w:rd@example.org");

        assertThat(settings.user()).isEqualTo("us@er");
        assertThat(settings.password()).isEqualTo("p@ss/%+w:rd");
    }

    @Test
    void a_password_alone_is_the_default_users() {
        RedisSettings settings = url("redis://:secret@example.org");

        assertThat(settings.user()).isNull();
        assertThat(settings.password()).isEqualTo("secret");
    }

    @Test
    void options_fill_in_what_the_url_leaves_out() {
        RedisSettings settings = RedisSettings.of(Map.of(
                RedisSettings.URL,
                "redis://example.org",
                RedisSettings.USER,
                "muster",
                RedisSettings.PASSWORD,
                "secret",
                RedisSettings.BUCKETS,
                "64"));

        assertThat(settings.user()).isEqualTo("muster");
        assertThat(settings.password()).isEqualTo("secret");
        assertThat(settings.buckets()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost:6379            | must begin with redis:// or rediss://",
                "http://localhost          | must begin with redis:// or rediss://, but begins with http://",
                "redis://                  | must be a URL like redis://host:6379/0",
                "redis:///0                | must name a host",
                "redis://:p@ss@word@host   | must name a host",
                "redis://host:0            | a port of 1 to 65535, but has 0",
                "redis://host:70000        | a port of 1 to 65535, but has 70000",
                "redis://host/main         | the number of a database, as in /0, but ends in /main",
                "redis://host?timeout=1    | takes no ?parameters",
                "redis://u:p%zzs3cret@host | must be a URL like",
                "redis://u@host            | a Redis user needs a password",
            })
    void what_is_wrong_is_said_in_a_sentence(String given, String message) {
        assertThatThrownBy(() -> url(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasNoCause()
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("s3cret", "p@ss"));
    }

    @ParameterizedTest
    @CsvSource({"0", "257", "many", "-1"})
    void buckets_are_1_to_256(String given) {
        assertThatThrownBy(() -> RedisSettings.of(Map.of(RedisSettings.BUCKETS, given)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--redis-buckets must be 1 to 256, but is " + given);
    }

    @Test
    void an_authority_needs_tls_and_a_file() {
        assertThatThrownBy(() -> RedisSettings.of(Map.of(RedisSettings.CA, "/no/such/file")))
                .hasMessage("--redis-ca needs a URL that begins with rediss://, but --redis begins with redis://");
        assertThatThrownBy(() ->
                        RedisSettings.of(Map.of(RedisSettings.URL, "rediss://host", RedisSettings.CA, "/no/such/file")))
                .hasMessage("--redis-ca must name a PEM file that can be read, but is /no/such/file");
    }

    @Test
    void secrets_are_marked_as_such() {
        assertThat(RedisSettings.OPTIONS)
                .filteredOn(option -> option.secret())
                .extracting(option -> option.name())
                .containsExactlyInAnyOrder(RedisSettings.URL, RedisSettings.PASSWORD);
    }
}
