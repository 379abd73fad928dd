package dev.muster.registry.redis;

import dev.muster.registry.tck.Backend;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real redis-server as a process of the test, on a port and in a directory of its own, with its log kept (AOF). */
final class RedisServer implements Backend, AutoCloseable {

    private static final Path BINARY = binary();

    /** Stands for the port among the settings, which is not known before. */
    private static final String TLS_PORT = "tls-port";

    private final Path directory;
    private final int port = freePort();
    private final int tlsPort = freePort();
    private final List<String> settings;
    private Process process;

    RedisServer(String... settings) {
        this.settings = List.of(settings);
        try {
            directory = Files.createTempDirectory("muster-redis");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        launch("--appendonly", "yes");
    }

    /** A server that speaks TLS on one port and plain RESP on another. */
    static RedisServer tls(Path certificate, Path key) {
        return new RedisServer(
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no",
                "--tls-port",
                TLS_PORT);
    }

    int port() {
        return port;
    }

    int tlsPort() {
        return tlsPort;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    RedisClient client() {
        return new RedisClient(port);
    }

    private void launch(String... more) {
        List<String> command = new ArrayList<>(List.of(
                BINARY.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--save",
                "",
                "--loglevel",
                "warning"));
        command.addAll(List.of(more));
        settings.forEach(setting -> command.add(setting.equals(TLS_PORT) ? Integer.toString(tlsPort) : setting));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "redis-servers.log")))
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Awaitility.await("the server answers")
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(this::answers);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("redis-server ended with " + process.exitValue());
        }
        try (RedisClient client = client()) {
            String pong;
            try {
                pong = client.text("PING");
            } catch (RedisClient.ErrorReply refused) {
                return refused.getMessage().startsWith("NOAUTH");
            }
            return pong.equals("PONG");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    @Override
    public void checkpoint() {
        try (RedisClient client = client()) {
            client.call("SAVE");
            Files.copy(
                    directory.resolve("dump.rdb"),
                    directory.resolve("checkpoint.rdb"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void stop() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("redis-server does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void start(Restart with) {
        if (with == Restart.KEEP) {
            launch("--appendonly", "yes");
            return;
        }
        try {
            delete(directory.resolve("appendonlydir"));
            Files.deleteIfExists(directory.resolve("dump.rdb"));
            if (with == Restart.ROLLBACK) {
                Files.copy(directory.resolve("checkpoint.rdb"), directory.resolve("dump.rdb"));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        launch("--appendonly", "no");
        try (RedisClient client = client()) {
            client.call("CONFIG", "SET", "appendonly", "yes");
            Awaitility.await("the log is kept again")
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> client.text("INFO", "persistence").contains("aof_rewrite_in_progress:0"));
        }
    }

    @Override
    public void pause() {
        signal("STOP");
    }

    @Override
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + exit);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        stop();
        try {
            delete(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** A port no outgoing connection gets by chance while the server is down. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
    }

    /** The server of the embedded-redis artifact, unpacked. */
    private static Path binary() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String name = "redis-server-7.0.15-" + os + "-" + arch;
        Path target = Path.of("target", name).toAbsolutePath();
        try {
            if (!Files.exists(target)) {
                Files.createDirectories(target.getParent());
                Path unpacked = Files.createTempFile(target.getParent(), name, ".part");
                try (InputStream in = RedisServer.class.getResourceAsStream("/" + name)) {
                    if (in == null) {
                        throw new IllegalStateException("no redis-server for this machine: " + name);
                    }
                    Files.copy(in, unpacked, StandardCopyOption.REPLACE_EXISTING);
                }
                if (!unpacked.toFile().setExecutable(true)) {
                    throw new IllegalStateException("cannot make " + unpacked + " executable");
                }
                Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (FileAlreadyExistsException somebodyElseDid) {
            return target;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return target;
    }
}
