package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryTimings;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A registry in a process of its own, which can die (SIGKILL) and stand still (SIGSTOP). The two talk in lines of JSON
 * over the child's standard input and output; what the child logs goes to {@code target/forked-nodes.log}.
 */
public final class ForkedHost implements NodeHost {

    private static final long EXIT_SECONDS = 10;

    /** Beginnings of the names of properties that a JVM, or a test runner, sets for itself. */
    private static final List<String> OWN_PROPERTIES = List.of(
            "java.",
            "jdk.",
            "sun.",
            "os.",
            "user.",
            "file.",
            "line.",
            "path.",
            "native.",
            "stdout.",
            "stderr.",
            "awt.",
            "surefire.",
            "basedir",
            "localRepository",
            "jacoco");

    private final Process process;
    private final BufferedWriter toChild;
    private final RemoteRegistry registry;

    private ForkedHost(Process process, String nodeName) {
        this.process = process;
        this.toChild = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.registry = new RemoteRegistry(nodeName, this::write);
    }

    /** Forks a process that makes a registry with the provider {@code provider} of the same class path. */
    public static ForkedHost start(String provider, RegistryContext context) {
        File log = new File("target", "forked-nodes.log");
        try {
            log.getAbsoluteFile().getParentFile().mkdirs();
            Process process = new ProcessBuilder(command())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            ForkedHost host = new ForkedHost(process, context.nodeName());
            host.write(spec(provider, context));
            Thread reader = new Thread(host::readLines, "forked node " + context.nodeName());
            reader.setDaemon(true);
            reader.start();
            return host;
        } catch (IOException noProcess) {
            throw new UncheckedIOException("cannot start a process for node " + context.nodeName(), noProcess);
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .forEach(command::add);
        properties(command);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(ForkedNode.class.getName());
        return command;
    }

    /** What was set for this process holds for the child too; what a JVM sets by itself does not. */
    private static void properties(List<String> command) {
        System.getProperties().forEach((name, value) -> {
            if (OWN_PROPERTIES.stream().noneMatch(name.toString()::startsWith)) {
                command.add("-D" + name + "=" + value);
            }
        });
    }

    private static JsonObject spec(String provider, RegistryContext context) {
        RegistryTimings timings = context.timings();
        return new JsonObject()
                .put("provider", provider)
                .put("namespace", context.namespace())
                .put("nodeName", context.nodeName())
                .put("maxPayload", context.maxPayload())
                .put("options", Wire.headers(context.options()))
                .put("operationTimeout", timings.operationTimeout().toMillis())
                .put("lease", timings.lease().toMillis())
                .put("heartbeat", timings.heartbeat().toMillis())
                .put("sweep", timings.sweep().toMillis())
                .put("idleGroup", timings.idleGroup().toMillis())
                .put("dedupe", timings.dedupe().toMillis());
    }

    private synchronized void write(JsonObject line) {
        try {
            toChild.write(line.encode());
            toChild.write('\n');
            toChild.flush();
        } catch (IOException gone) {
            throw new RegistryException(RegistryException.Reason.UNAVAILABLE, "the node's process is gone", gone);
        }
    }

    private void readLines() {
        Consumer<JsonObject> receive = registry::receive;
        try (BufferedReader fromChild =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = fromChild.readLine(); line != null; line = fromChild.readLine()) {
                receive.accept(new JsonObject(line));
            }
        } catch (IOException gone) {
            // The pipe breaks when the child dies; the calls under way fail below, as at an orderly end.
        } finally {
            registry.processGone();
        }
    }

    @Override
    public ConnectionRegistry registry() {
        return registry;
    }

    /** The child's process id. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    @Override
    public void freeze() {
        signal("STOP");
    }

    @Override
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " " + process.pid() + " ended with " + exit);
            }
        } catch (IOException noKill) {
            throw new UncheckedIOException(noKill);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The kit closed the registry before, if it could; what is left of the process needs no orderly end. */
    @Override
    public void close() {
        kill();
    }
}
