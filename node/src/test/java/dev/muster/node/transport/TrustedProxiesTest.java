package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES = new TrustedProxies(List.of("127.0.0.1", "10.0.0.0/8", "::1"));

    private static TrustedProxies.Origin of(TrustedProxies proxies, String peer, String... headers) throws Exception {
        String head = "GET / HTTP/1.1\r\nHost: inner:8080\r\n" + String.join("", headers) + "\r\n";
        return proxies.of(
                new RequestHead(head.getBytes(StandardCharsets.ISO_8859_1)),
                new InetSocketAddress(InetAddress.getByName(peer), 4711));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the right-most hop that is not ours; what stands left of it is hearsay
                "127.0.0.1 | 203.0.113.9 | 203.0.113.9",
                "127.0.0.1 | 1.2.3.4, 203.0.113.9 | 203.0.113.9",
                "127.0.0.1 | 203.0.113.9, 10.1.1.1 | 203.0.113.9",
                "::1 | 2001:db8::7 | 2001:db8::7",
                "127.0.0.1 | 10.1.1.1, 10.2.2.2 | 10.1.1.1",
                "127.0.0.1 | unknown | 127.0.0.1",
                "127.0.0.1 | unknown, 203.0.113.9 | 203.0.113.9",
                // nobody we trust: ignored
                "203.0.113.1 | 1.2.3.4 | 203.0.113.1",
                "11.0.0.1 | 1.2.3.4 | 11.0.0.1",
            })
    void the_address_is_what_a_trusted_proxy_saw(String peer, String forwardedFor, String expected) throws Exception {
        assertThat(of(PROXIES, peer, "X-Forwarded-For: " + forwardedFor + "\r\n")
                        .address())
                .isEqualTo(expected);
    }

    @Test
    void host_and_scheme_count_from_a_trusted_proxy_only() throws Exception {
        String[] forwarded = {"X-Forwarded-Host: chat.example.com\r\n", "X-Forwarded-Proto: https\r\n"};
        assertThat(of(PROXIES, "127.0.0.1", forwarded))
                .isEqualTo(new TrustedProxies.Origin("127.0.0.1", "chat.example.com", "https"));
        assertThat(of(PROXIES, "203.0.113.1", forwarded))
                .isEqualTo(new TrustedProxies.Origin("203.0.113.1", "inner:8080", null));
        assertThat(of(new TrustedProxies(List.of()), "127.0.0.1", forwarded).host())
                .isEqualTo("inner:8080");
    }

    @Test
    void a_page_is_measured_by_the_forwarded_host() {
        assertThat(Origins.SAME_HOST.accepts("https://chat.example.com", "chat.example.com", "https"))
                .isTrue();
        assertThat(Origins.SAME_HOST.accepts("http://chat.example.com", "chat.example.com", "https"))
                .isFalse();
        // Who ends TLS is not known: both may be true.
        assertThat(Origins.SAME_HOST.accepts("https://chat.example.com", "chat.example.com", null))
                .isTrue();
        assertThat(Origins.SAME_HOST.accepts("http://localhost:8080", "localhost:8080", null))
                .isTrue();
        assertThat(Origins.SAME_HOST.accepts("http://localhost:8081", "localhost:8080", null))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:3000", "http://127.0.0.1", "https://[::1]:5173"})
    void in_development_the_own_machine_may(String origin) {
        assertThat(Origins.LOOPBACK.accepts(origin, "localhost:8080", null)).isTrue();
        assertThat(Origins.SAME_HOST.accepts(origin, "localhost:8080", null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "10.0.0.0/33", "10.0.0.0/x", "", "10.0.0"})
    void a_network_that_is_none_is_refused(String network) {
        assertThatThrownBy(() -> new TrustedProxies(List.of(network)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + network + "\"");
    }
}
