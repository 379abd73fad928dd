package dev.muster.node.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The lines a process writes, as they come; also kept in a file beside the test's report. */
final class Lines {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    Lines(InputStream stream, Path copy) {
        reader = new Thread(() -> read(stream, copy), "lines of " + copy.getFileName());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream, Path copy) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                Files.writeString(copy, line + '\n', StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException ended) {
            // The process was killed in the middle of a line.
        }
    }

    List<String> all() {
        return List.copyOf(lines);
    }

    /** All lines, once the process has ended. */
    List<String> complete() {
        try {
            reader.join(Patience.LONG.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return all();
    }

    boolean has(String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }

    static Path log(String name) {
        Path folder = Path.of("target", "process-logs");
        try {
            Files.createDirectories(folder);
            return Files.createTempFile(folder, name + "-", ".log");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
