package dev.muster.node.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A real redis-server as a process of its own, which keeps its data over restarts. */
final class RedisProcess implements AutoCloseable {

    private final TemporaryFolder folder = new TemporaryFolder("muster-redis");
    private int port;
    private Process process;

    RedisProcess() {
        // Somebody else may take the port between asking for it and using it.
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

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Starts it with what it held when it was killed. */
    void start() {
        try {
            process = new ProcessBuilder(
                            binary().toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--dir",
                            folder.path().toString(),
                            "--save",
                            "",
                            "--appendonly",
                            "yes",
                            "--appendfsync",
                            "always")
                    .redirectErrorStream(true)
                    .redirectOutput(Lines.log("redis").toFile())
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Patience.await("redis answers").until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("redis-server ended with " + process.exitValue());
            }
            return answers();
        });
    }

    void kill() {
        Signals.end(process);
    }

    void freeze() {
        Signals.send("STOP", process);
    }

    void thaw() {
        Signals.send("CONT", process);
    }

    private boolean answers() {
        try {
            return call("PING").equals(List.of("PONG"));
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** All keys. */
    List<String> keys() {
        return call("KEYS", "*");
    }

    /** A command whose answer is a line or a list of texts. */
    List<String> call(String... words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                command.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.US_ASCII));
            // One char for each byte, so that lengths are right; texts are decoded afterwards.
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            return answer(in);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> answer(BufferedReader in) throws IOException {
        String head = in.readLine();
        if (head == null) {
            throw new IOException("redis closed the connection");
        }
        if (!head.startsWith("*")) {
            return List.of(head.substring(1));
        }
        List<String> texts = new ArrayList<>();
        for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
            char[] text = new char[Integer.parseInt(in.readLine().substring(1))];
            for (int at = 0; at < text.length; ) {
                at += in.read(text, at, text.length - at);
            }
            in.readLine();
            texts.add(new String(new String(text).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }
        return texts;
    }

    @Override
    public void close() {
        kill();
        folder.close();
    }

    /** The server that the test library brings along for this machine, unpacked once. */
    private static synchronized Path binary() throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String cpu = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String name = "redis-server-7.0.15-" + os + "-" + cpu;
        Path unpacked = Path.of("target", "process-" + name).toAbsolutePath();
        if (!Files.exists(unpacked)) {
            Path part = Files.createTempFile(unpacked.getParent(), name, ".part");
            try (InputStream in = RedisProcess.class.getResourceAsStream("/" + name)) {
                if (in == null) {
                    throw new IllegalStateException("no redis-server for this machine: " + name);
                }
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!part.toFile().setExecutable(true)) {
                throw new IllegalStateException("cannot make " + part + " executable");
            }
            Files.move(part, unpacked, StandardCopyOption.ATOMIC_MOVE);
        }
        return unpacked;
    }
}
