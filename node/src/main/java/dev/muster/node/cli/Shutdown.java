package dev.muster.node.cli;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Ends the process in order when it is told to end: on Ctrl-C and SIGTERM. The exit code is then 0, where the JVM's own
 * would tell of the signal.
 */
final class Shutdown {

    /** Beyond what the nodes themselves take: for a start that is still under way, and for the rest of the process. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final CompletableFuture<Supplier<Future<Void>>> running = new CompletableFuture<>();
    private final Duration limit;
    private final Console console;

    private Shutdown(Duration limit, Console console) {
        this.limit = limit.plus(GRACE);
        this.console = console;
    }

    /**
     * From now on signals are waited for.
     *
     * @param limit how long an orderly stop may take
     */
    static Shutdown install(Duration limit, Console console) {
        Shutdown shutdown = new Shutdown(limit, console);
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::end, "shutdown"));
        return shutdown;
    }

    /** The program runs; {@code stop} ends it. */
    void running(Supplier<Future<Void>> stop) {
        running.complete(stop);
    }

    /** The program does not run, and there is nothing to end. */
    void failed() {
        running.cancel(false);
    }

    private void end() {
        if (running.isCancelled()) {
            return;
        }
        try {
            running.thenCompose(stop -> stop.get().toCompletionStage()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            console.line("Stopped.");
            Runtime.getRuntime().halt(ExitCode.OK);
        } catch (ExecutionException | TimeoutException | InterruptedException failure) {
            console.complain("stopping did not finish in time, the rest is cut");
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }
}
