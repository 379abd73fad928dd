package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged program as a process of its own. */
final class MusterProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("WebSocket server listening on (\\S+):(\\d+)");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final Process process;
    private final Lines out;
    private final Lines err;

    private MusterProcess(Process process, String name) {
        this.process = process;
        this.out = new Lines(process.getInputStream(), Lines.log(name + "-out"));
        this.err = new Lines(process.getErrorStream(), Lines.log(name + "-err"));
    }

    /** A command with nothing in its environment that was not given here. */
    static MusterProcess run(Map<String, String> environment, String... args) {
        List<String> command = new ArrayList<>(Signals.unignored());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-jar", jar()));
        command.addAll(Arrays.asList(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("MUSTER_")
                        || name.startsWith("REDIS_")
                        || List.of("PORT", "INSTANCE_ID", "JAVA_TOOL_OPTIONS").contains(name));
        builder.environment().putAll(environment);
        try {
            return new MusterProcess(builder.start(), args.length == 0 ? "muster" : args[0]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static MusterProcess run(String... args) {
        return run(Map.of(), args);
    }

    /** A node on a port that is free; to be {@linkplain #awaitReady awaited}. */
    static MusterProcess node(String... args) {
        List<String> all = new ArrayList<>(List.of("node", "--port", "0"));
        all.addAll(Arrays.asList(args));
        return run(all.toArray(new String[0]));
    }

    static String jar() {
        String jar = System.getProperty("muster.jar");
        if (jar == null) {
            throw new IllegalStateException("the system property muster.jar must name the packaged program");
        }
        return jar;
    }

    // ---- life ----

    MusterProcess awaitReady() {
        return awaitLine("is ready");
    }

    MusterProcess awaitListening() {
        return awaitLine("listening on");
    }

    MusterProcess awaitLine(String part) {
        Patience.await("a line with \"" + part + "\" from " + this).until(() -> {
            if (!process.isAlive() && !out.complete().stream().anyMatch(line -> line.contains(part))) {
                throw new AssertionError("ended with " + process.exitValue() + " before it said \"" + part + "\": "
                        + out.complete() + err.complete());
            }
            return out.has(part);
        });
        return this;
    }

    /** Types a line into its terminal. */
    MusterProcess type(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** There is nothing more to be typed. */
    void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits for a line of complaint. */
    MusterProcess awaitError(String part) {
        Patience.await("a complaint with \"" + part + "\" from " + this).until(() -> err.has(part));
        return this;
    }

    void signal(String signal) {
        Signals.send(signal, process);
    }

    /** Waits for its end. */
    int exitCode() {
        try {
            assertThat(process.waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("ended; standard error: %s", err.all())
                    .isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        Signals.end(process);
    }

    List<String> out() {
        return process.isAlive() ? out.all() : out.complete();
    }

    List<String> err() {
        return process.isAlive() ? err.all() : err.complete();
    }

    // ---- what it serves ----

    /** The ports it said it listens on, in that order. */
    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        for (String line : out.all()) {
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.find()) {
                ports.add(Integer.parseInt(matcher.group(2)));
            }
        }
        return ports;
    }

    int port() {
        return ports().get(0);
    }

    /** Where it is run from, host and port, if it has a port for that. */
    Optional<String> ops() {
        String said = "Ops server listening on ";
        return out.all().stream()
                .filter(line -> line.startsWith(said))
                .map(line -> line.substring(said.length()))
                .findFirst();
    }

    String ws(String path) {
        return "ws://127.0.0.1:" + port() + path;
    }

    HttpResponse<String> get(String path, String... headers) {
        return getFrom("127.0.0.1:" + port(), path, headers);
    }

    HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20))
                .build());
    }

    static HttpResponse<String> getFrom(String authority, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://" + authority + path)).timeout(Duration.ofSeconds(20));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    JsonObject json(String path) {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    int members(String room) {
        return json("/ws/" + room + "/stats").getInteger("connection_count");
    }

    @Override
    public String toString() {
        return "process " + process.pid();
    }
}
