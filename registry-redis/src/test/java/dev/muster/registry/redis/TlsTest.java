package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS, with a certificate of its own making. */
class TlsTest {

    @TempDir
    Path directory;

    private Path write(String name, String type, byte[] der) throws IOException {
        String pem = "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
        return Files.writeString(directory.resolve(name), pem);
    }

    /** Makes a key pair with a certificate for {@code names}, and writes key.pem and cert.pem. */
    private void certificate(String names) throws Exception {
        Path store = directory.resolve("store.p12");
        Files.deleteIfExists(store);
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int exit = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=" + names,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start()
                .waitFor();
        assertThat(exit).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        Key key = keys.getKey("server", "changeit".toCharArray());
        write("key.pem", "PRIVATE KEY", key.getEncoded());
        write("cert.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
    }

    private RedisServer server() {
        return RedisServer.tls(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    }

    private Map<String, String> options(RedisServer server) {
        return Map.of(
                RedisSettings.URL,
                "rediss://localhost:" + server.tlsPort(),
                RedisSettings.CA,
                directory.resolve("cert.pem").toString());
    }

    @Test
    void a_trusted_server_is_used() throws Exception {
        certificate("dns:localhost,ip:127.0.0.1");
        try (RedisServer server = server();
                TestNode node = new TestNode("ns", "n1", options(server)).start()) {
            node.watch("room");
            node.join("c1", "room");
            node.settle("room", node);
            assertThat(node.fed).containsExactly("room JOINED c1");
        }
    }

    @Test
    void a_server_with_a_certificate_for_another_host_is_not() throws Exception {
        certificate("dns:elsewhere.example");
        try (RedisServer server = server();
                TestNode node = new TestNode("ns", "n1", options(server))) {
            RegistryException failure = TestNode.failure(node.registry().start(node));
            assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        }
    }

    @Test
    void a_server_of_an_unknown_authority_is_not() throws Exception {
        certificate("dns:localhost");
        try (RedisServer server = server();
                TestNode node =
                        new TestNode("ns", "n1", Map.of(RedisSettings.URL, "rediss://localhost:" + server.tlsPort()))) {
            RegistryException failure = TestNode.failure(node.registry().start(node));
            assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        }
    }

    @Test
    void a_server_without_tls_is_unavailable_and_the_other_way_round() throws Exception {
        certificate("dns:localhost");
        try (RedisServer server = server();
                TestNode tlsToPlain =
                        new TestNode("ns", "n1", Map.of(RedisSettings.URL, "rediss://localhost:" + server.port()));
                TestNode plainToTls =
                        new TestNode("ns", "n2", Map.of(RedisSettings.URL, "redis://localhost:" + server.tlsPort()))) {
            assertThat(TestNode.failure(tlsToPlain.registry().start(tlsToPlain)).reason())
                    .isEqualTo(Reason.UNAVAILABLE);
            assertThat(TestNode.failure(plainToTls.registry().start(plainToTls)).reason())
                    .isEqualTo(Reason.UNAVAILABLE);
        }
    }
}
