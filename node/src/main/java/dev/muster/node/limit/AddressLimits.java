package dev.muster.node.limit;

import dev.muster.node.transport.ConnectionLimit;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections an address may open. Of IPv6 the first 64 bits count, which is what one customer gets. Any
 * thread.
 */
public final class AddressLimits implements ConnectionLimit {

    private static final Logger LOG = LoggerFactory.getLogger(AddressLimits.class);

    /** About 20 MB at worst. Beyond it new addresses are let in uncounted: better than to refuse everybody. */
    static final int MAX_ADDRESSES = 65_536;

    private static final int IPV6_BYTES = 16;

    private final Allowance allowance;
    private final boolean loopbackToo;
    private final LimitFigures figures;
    private final LongSupplier nanoTime;
    private final Map<String, SharedWindow> windows = new ConcurrentHashMap<>();
    private volatile boolean full;

    /**
     * @param allowance of each address
     * @param loopbackToo whether it is for this machine's own connections as well
     * @param figures counts what is refused
     * @param nanoTime monotonic, in ns
     */
    public AddressLimits(Allowance allowance, boolean loopbackToo, LimitFigures figures, LongSupplier nanoTime) {
        this.allowance = allowance;
        this.loopbackToo = loopbackToo;
        this.figures = figures;
        this.nanoTime = nanoTime;
    }

    @Override
    public long retryAfterSeconds(String remoteAddress) {
        if (allowance.isNone() || !loopbackToo && isLoopback(remoteAddress)) {
            return 0;
        }
        String network = network(remoteAddress);
        long now = nanoTime.getAsLong();
        if (full && !windows.containsKey(network)) {
            return 0;
        }
        SharedWindow window = windows.compute(
                network,
                (key, known) -> known == null || known.isForgotten() ? new SharedWindow(allowance, now) : known);
        long nanos = window.take(now);
        if (windows.size() >= MAX_ADDRESSES && !full) {
            full = true;
            LOG.warn("More than {} addresses connect at once: further ones are not limited for now", MAX_ADDRESSES);
        }
        if (nanos == 0) {
            return 0;
        }
        figures.count(LimitFigures.Kind.ADDRESS);
        return TimeUnit.NANOSECONDS.toSeconds(nanos - 1) + 1;
    }

    /** Forgets who has been quiet. To be called each second. */
    public void tick() {
        long now = nanoTime.getAsLong();
        windows.values().removeIf(window -> window.forgetIfIdle(now, allowance.windowNanos()));
        full = full && windows.size() >= MAX_ADDRESSES;
    }

    static boolean isLoopback(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return false;
        }
        try {
            return InetAddress.getByAddress(bytes).isLoopbackAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are an address", impossible);
        }
    }

    /** The address, or the network of an IPv6 one. */
    static String network(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes == null || bytes.length != IPV6_BYTES
                ? address
                : HexFormat.of().formatHex(bytes, 0, IPV6_BYTES / 2);
    }
}
