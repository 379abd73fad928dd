package dev.muster.registry.hazelcast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Port ranges that nobody else uses now; each is handed out once. */
final class Ports {

    /** Below the range from which the system takes ports for outgoing connections. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;

    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * HazelcastOptions.PORTS % (LAST - FIRST)));

    private Ports() {}

    /** The first of as many free ports as members of one machine may use. */
    static int range() {
        while (true) {
            int first = FIRST + NEXT.getAndAdd(HazelcastOptions.PORTS) % (LAST - FIRST);
            if (allFree(first)) {
                return first;
            }
        }
    }

    private static boolean allFree(int first) {
        for (int port = first; port < first + HazelcastOptions.PORTS; port++) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                probe.setReuseAddress(true);
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    /** A port that nobody listens at. */
    static int unused() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
