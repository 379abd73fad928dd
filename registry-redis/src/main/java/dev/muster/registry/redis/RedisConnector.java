package dev.muster.registry.redis;

import io.vertx.core.Future;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections that are held, never pooled: a pool reorders, and hands a hung connection out again. Each has a
 * client of its own, because closing the client is the only way to be rid of a connection for sure.
 */
final class RedisConnector {

    /** A connection and the way to end it. */
    record Held(Redis client, RedisConnection connection) {
        void drop() {
            connection.handler(null);
            connection.endHandler(null);
            // Nobody waits for it, and a failure to close leaves nothing to be done.
            client.close().onFailure(ignored -> {});
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(RedisConnector.class);

    /** What a connection is for, as part of its name. */
    static final String COMMANDS = "commands";

    static final String SUBSCRIBER = "subscriber";

    private static final int CONNECT_MILLIS = 1_000;
    /** Something comes over either connection every second; silence for longer means that it is dead. */
    private static final int SILENCE_MILLIS = 4_000;
    /** Commands in flight on a connection; the links above stay below it. */
    private static final int MAX_WAITING = 1 << 16;

    private final Home home;
    private final RedisSettings settings;
    private final String nodeName;
    private final long timeoutMillis;

    RedisConnector(Home home, RedisSettings settings, String nodeName, long timeoutMillis) {
        this.nodeName = nodeName;
        this.home = home;
        this.settings = settings;
        this.timeoutMillis = timeoutMillis;
    }

    /** What CLIENT LIST shows. */
    static String clientName(String nodeName, String purpose) {
        return "muster:" + nodeName + ":" + purpose;
    }

    /** Opens a connection that is logged in and has its database selected. On the home context. */
    Future<Held> open(String purpose) {
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout((int) Math.min(CONNECT_MILLIS, timeoutMillis))
                .setReadIdleTimeout((int) Math.max(SILENCE_MILLIS, 2 * timeoutMillis))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true);
        if (settings.tls()) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            if (settings.ca() != null) {
                net.setTrustOptions(new PemTrustOptions().addCertPath(settings.ca()));
            }
        }
        RedisOptions options = new RedisOptions()
                .setConnectionString(settings.connection() + "?client=" + clientName(nodeName, purpose))
                .setNetClientOptions(net)
                .setMaxWaitingHandlers(MAX_WAITING)
                .setMaxPoolSize(1)
                .setPoolRecycleTimeout(-1)
                .setPoolCleanerInterval(-1);
        if (settings.password() != null) {
            options.setPassword(settings.password());
            if (settings.user() != null) {
                options.setUser(settings.user());
            }
        }
        Redis client = Redis.createClient(home.vertx(), options);
        return client.connect()
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .map(connection -> {
                    // Until a link takes it over, and so that the client does not report what the link knows.
                    connection.exceptionHandler(cause -> LOG.debug("A connection to Redis broke", cause));
                    return new Held(client, connection);
                })
                .onFailure(cause -> client.close().onFailure(ignored -> {}));
    }
}
