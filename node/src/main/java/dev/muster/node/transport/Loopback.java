package dev.muster.node.transport;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** What the machine's loopback has. */
final class Loopback {

    private Loopback() {}

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
