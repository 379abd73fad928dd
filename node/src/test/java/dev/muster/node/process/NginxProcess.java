package dev.muster.node.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/** nginx as a process of its own, unprivileged, with the project's configuration in front of some nodes. */
final class NginxProcess implements AutoCloseable {

    /** Where the configuration of a deployment is, from this module. */
    static final Path DEPLOY = Path.of("..", "deploy", "nginx");

    private final Path nginx =
            Requirement.program("nginx", List.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"));
    private final TemporaryFolder temporary = new TemporaryFolder("muster-nginx");
    private final Path folder = temporary.path();
    private int port;
    private Process process;

    NginxProcess(List<Integer> nodes) {
        try {
            // nginx started by root serves as nobody, who must be able to enter.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectory(folder.resolve("conf.d"));
            Files.writeString(folder.resolve("conf.d/upstream.conf"), upstream(nodes));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        for (int attempt = 0; process == null; attempt++) {
            port = Ports.free();
            try {
                start();
            } catch (IllegalStateException taken) {
                process = null;
                if (attempt == 5) {
                    throw taken;
                }
            }
        }
    }

    /** The deployment's, with these nodes instead of its own. */
    private static String upstream(List<Integer> nodes) throws IOException {
        String servers = nodes.stream()
                .map(node -> "    server 127.0.0.1:" + node + " max_fails=2 fail_timeout=5s;\n")
                .collect(Collectors.joining());
        String deployed = Files.readString(DEPLOY.resolve("upstream.conf"));
        return deployed.replaceAll("(?m)^ *server [^\n]*\n", "").replace("least_conn;\n", "least_conn;\n" + servers);
    }

    private void start() {
        try {
            String site = Files.readString(DEPLOY.resolve("muster.conf"))
                    .replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                    .replace("    listen [::]:80;\n", "")
                    .replace("/var/log/nginx", folder.toString());
            Files.writeString(folder.resolve("conf.d/muster.conf"), site);
            Files.writeString(folder.resolve("nginx.conf"), main());
            process = new ProcessBuilder(
                            nginx.toString(),
                            "-p",
                            folder.toString(),
                            "-c",
                            folder.resolve("nginx.conf").toString(),
                            "-e",
                            folder.resolve("start.log").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(Lines.log("nginx").toFile())
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Patience.await("nginx answers").until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "nginx ended with " + process.exitValue() + ", see target/process-logs");
            }
            return answers();
        });
    }

    private boolean answers() {
        try {
            return MusterProcess.getFrom(authority(), "/health").statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            if (notYet.getCause() instanceof ConnectException) {
                return false;
            }
            throw notYet;
        }
    }

    private String main() {
        return """
                daemon off;
                worker_processes 2;
                worker_shutdown_timeout 30s;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 4096; }
                http {
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    include %1$s/conf.d/*.conf;
                }
                """.formatted(folder);
    }

    String authority() {
        return "127.0.0.1:" + port;
    }

    String ws(String path) {
        return "ws://" + authority() + path;
    }

    /** What it wrote down about requests. */
    String accessLog() {
        try {
            return Files.readString(folder.resolve("muster.log"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String errorLog() {
        try {
            return Files.readString(folder.resolve("muster-error.log"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** By TERM: killed, the master would leave its workers behind. */
    @Override
    public void close() {
        if (process.isAlive()) {
            Signals.send("TERM", process);
            Patience.await("nginx ends").until(() -> !process.isAlive());
        }
        temporary.close();
    }
}
