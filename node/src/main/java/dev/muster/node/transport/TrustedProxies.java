package dev.muster.node.transport;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose word about a client counts, and what it says. Everybody else's {@code X-Forwarded-} headers are ignored. */
final class TrustedProxies {

    /**
     * Where a request really comes from and went to.
     *
     * @param address the client's address, without a port
     * @param host what the client called us; null if it did not say
     * @param scheme {@code http} or {@code https} where it is known for sure
     */
    record Origin(
            String address, @Nullable String host, @Nullable String scheme) {}

    private final List<IpSubnetFilterRule> networks;

    /**
     * @param networks addresses or networks in CIDR notation
     */
    TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(TrustedProxies::network).toList();
    }

    private static IpSubnetFilterRule network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        try {
            if (bytes == null) {
                throw new IllegalArgumentException("no address");
            }
            int bits = slash < 0 ? 8 * bytes.length : Integer.parseInt(text.substring(slash + 1));
            return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException(
                    "a trusted proxy is an IP address or a network like 10.0.0.0/8, but is \"" + text + "\"", broken);
        }
    }

    Origin of(RequestHead head, InetSocketAddress peer) {
        String address = NetUtil.toAddressString(peer.getAddress());
        if (networks.isEmpty() || !isTrusted(peer.getAddress())) {
            return new Origin(address, head.header("host"), null);
        }
        String host = head.header("x-forwarded-host");
        String scheme = head.header("x-forwarded-proto");
        return new Origin(
                client(head.header("x-forwarded-for"), address),
                host == null ? head.header("host") : host,
                "http".equals(scheme) || "https".equals(scheme) ? scheme : null);
    }

    /** The right-most hop that is no proxy of ours: what stands left of it anybody may have written. */
    private String client(@Nullable String forwardedFor, String peer) {
        if (forwardedFor == null) {
            return peer;
        }
        String[] hops = forwardedFor.split(",", -1);
        String client = peer;
        for (int i = hops.length - 1; i >= 0; i--) {
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(hops[i].strip());
            if (bytes == null) {
                return client;
            }
            InetAddress hop = address(bytes);
            client = NetUtil.toAddressString(hop);
            if (!isTrusted(hop)) {
                return client;
            }
        }
        return client;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are an address", impossible);
        }
    }

    private boolean isTrusted(InetAddress address) {
        InetSocketAddress any = new InetSocketAddress(address, 0);
        return networks.stream().anyMatch(network -> network.matches(any));
    }
}
