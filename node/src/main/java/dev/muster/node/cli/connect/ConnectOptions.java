package dev.muster.node.cli.connect;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param url where to: {@code ws}, {@code wss} or {@code tcp}
 * @param protocol what to speak there
 * @param room which room, where the URL does not say
 * @param name what to be called; null to be nobody in particular
 * @param token proves who one is; null for none
 * @param ack whether to ask for reliable delivery
 * @param raw whether frames are printed as they are
 * @param trust certificates to trust beside Java's own; null for none
 */
public record ConnectOptions(
        URI url,
        ProtocolName protocol,
        String room,
        @Nullable String name,
        @Nullable String token,
        boolean ack,
        boolean raw,
        @Nullable Path trust) {

    /** The same with a token. */
    public ConnectOptions with(String token) {
        return new ConnectOptions(url, protocol, room, name, token, ack, raw, trust);
    }

    boolean isTcp() {
        return "tcp".equals(url.getScheme());
    }

    boolean isEncrypted() {
        return "wss".equals(url.getScheme());
    }

    int port() {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return isTcp() ? 3030 : isEncrypted() ? 443 : 80;
    }

    /** Whether the server is on this machine. */
    public boolean isLoopback() {
        String host = url.getHost();
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** Never the token. */
    @Override
    public String toString() {
        return url + " as " + protocol;
    }
}
