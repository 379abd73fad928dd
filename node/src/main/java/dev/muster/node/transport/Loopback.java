package dev.muster.node.transport;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The machine's loopback: {@code localhost} is 127.0.0.1 and, where the machine has it, ::1. */
final class Loopback {

    private static final String IPV4 = "127.0.0.1";
    private static final String IPV6 = "::1";

    /** Binds one address. */
    interface Binding {

        /** Answers with the port that is bound, also when any was asked for. */
        Future<Integer> bind(String host, int port);
    }

    private Loopback() {}

    /**
     * Binds a host's addresses, all with one port.
     *
     * @param port 0 for any that is free
     * @return the port
     */
    static Future<Integer> bind(String host, int port, Binding binding) {
        if (!host.equals("localhost")) {
            return binding.bind(host, port);
        }
        Future<Integer> first = binding.bind(IPV4, port);
        return hasIpv6() ? first.compose(bound -> binding.bind(IPV6, bound)) : first;
    }

    /** Whether ::1 can be bound. */
    static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(NetUtil.LOCALHOST6, 0));
            return true;
        } catch (IOException no) {
            return false;
        }
    }
}
