package dev.muster.node.transport;

import java.time.Duration;

/**
 * What a request may be, and how long it may take.
 *
 * @param maxUriBytes longer request targets are answered with 414
 * @param maxHeaderBytes request line and headers; longer ones are answered with 431
 * @param maxBodyBytes longer bodies are answered with 413
 * @param headerTimeout from the first moment of a connection, or the first byte of a later request, until its headers
 *     are here; then the connection is cut
 * @param idleTimeout between requests, and between two pieces of a body
 */
public record HttpLimits(
        int maxUriBytes, int maxHeaderBytes, int maxBodyBytes, Duration headerTimeout, Duration idleTimeout) {

    /** 4,096 bytes of URI, 8 KiB of headers, 1 MiB of body, 10 s for headers, 75 s idle. */
    public static final HttpLimits DEFAULT =
            new HttpLimits(4096, 8192, 1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(75));

    public HttpLimits {
        OptionCheck.atLeast("maxUriBytes", maxUriBytes, 64);
        OptionCheck.atLeast("maxHeaderBytes", maxHeaderBytes, 256);
        OptionCheck.atLeast("maxBodyBytes", maxBodyBytes, 0);
        OptionCheck.positive("headerTimeout", headerTimeout);
        OptionCheck.positive("idleTimeout", idleTimeout);
    }
}
