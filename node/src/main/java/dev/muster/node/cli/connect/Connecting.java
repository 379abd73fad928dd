package dev.muster.node.cli.connect;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Connects a terminal to a server until one of the two has had enough. */
public final class Connecting {

    private Connecting() {}

    /**
     * Blocks until it is over: the input ended, a signal came, or the server does not want us.
     *
     * @param in lines to be sent, UTF-8
     * @param out gets what arrives, a line each
     * @param err gets what happens to the connection
     * @return whether it ended as it should
     */
    public static boolean run(ConnectOptions options, InputStream in, PrintStream out, PrintStream err) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Session session = new Session(vertx, options, wire(options), new Terminal(utf8(out), utf8(err)));
        Thread onSignal = new Thread(
                () -> {
                    session.leave();
                    session.awaitGoodbye();
                    Runtime.getRuntime().halt(0);
                },
                "goodbye");
        Runtime.getRuntime().addShutdownHook(onSignal);
        Thread reader = new Thread(() -> read(session, in), "typed");
        reader.setDaemon(true);
        // Where its answers come: on another thread a close could be told of before the connection that it ends.
        vertx.runOnContext(now -> session.connect());
        reader.start();
        boolean well = session.ended().join();
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException signalled) {
            // The hook runs already, and ends the process.
        }
        vertx.close();
        return well;
    }

    /** Whatever the locale says: what arrives is UTF-8, and so is every terminal that has more than ASCII. */
    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static void read(Session session, InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                session.type(line);
            }
            session.finish();
        } catch (IOException unreadable) {
            session.leave();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static Wire wire(ConnectOptions options) {
        Wire wire = switch (options.protocol()) {
            case RELAY -> new RelayWire(options.name());
            case CHAT -> new ChatWire();
            case EVENTS -> new EventsWire(options.room(), options.name());
            case PACKET -> new PacketWire(options.isTcp() ? options.token() : null);
            case SYNC -> new SpaceWire(options.name());
            case PROTOBUF -> new ProtobufWire(options.room(), options.name());
        };
        Wire delivered = options.ack() ? new ReliableWire(wire) : wire;
        return options.raw() ? new RawWire(delivered) : delivered;
    }
}
