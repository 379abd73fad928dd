package dev.muster.registry.redis;

import dev.muster.registry.RegistryListener;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a subscriber connection. While the registry serves, one that breaks is replaced at once and without the
 * operations noticing: what it missed is read from the logs. That it still brings something is proven every second by a
 * canary, which this node publishes to itself. On the home context.
 */
final class Subscriber {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    static final long CANARY_MILLIS = 1_000;
    private static final int CANARIES_MISSED = 3;

    private final Home home;
    private final Access access;
    private final RedisConnector connector;
    private final Watches watches;
    private @Nullable SubscriberLink link;
    /** Counts connections, so that one that was given up while it was being made is not used. */
    private long current;

    private int failures;
    private boolean replaced;
    /** Whether a connection is being made in place of one that broke, or will be after a pause. */
    private boolean replacing;

    Subscriber(Home home, Access access, RedisConnector connector, Watches watches) {
        this.home = home;
        this.access = access;
        this.connector = connector;
        this.watches = watches;
    }

    /** Completes when there is a connection and everything is subscribed. */
    Future<Void> ensure() {
        if (link != null) {
            return Future.succeededFuture();
        }
        long mine = ++current;
        return connector.open(RedisConnector.SUBSCRIBER).compose(held -> {
            if (mine != current) {
                held.drop();
                return Future.failedFuture(Failures.unavailable("the attempt was abandoned"));
            }
            SubscriberLink opened = new SubscriberLink(home, held, watches::receive, this::lost);
            link = opened;
            replaced = true;
            return watches.use(opened);
        });
    }

    /** Whether the connection is another one than at the last call: publications may have been missed. */
    boolean wasReplaced() {
        boolean was = replaced;
        replaced = false;
        return was;
    }

    private void lost(SubscriberLink broken, Throwable cause) {
        // One that was given up before says so too, and must not take the one in its place along.
        if (link != broken) {
            return;
        }
        link = null;
        current++;
        if (access.refusal() == null) {
            LOG.warn("The subscriber connection to Redis broke, making a new one: {}", cause.getMessage());
            replace();
        }
    }

    /** Goes on until there is a connection, or until the supervisor sees to it. */
    private void replace() {
        if (replacing) {
            return;
        }
        replacing = true;
        Future<Void> attempt = ensure();
        long mine = current;
        attempt.onComplete(done -> {
            replacing = false;
            boolean abandoned = mine != current;
            if (access.refusal() != null || abandoned && link != null) {
                return;
            }
            if (done.succeeded() && !abandoned) {
                failures = 0;
                replaced = false;
                watches.guarded(RegistryListener::onLinkReplaced);
                return;
            }
            close();
            failures++;
            replacing = true;
            home.in(Supervisor.pause(failures, access.context().timings().lease()), () -> {
                replacing = false;
                if (access.refusal() == null && link == null) {
                    replace();
                }
            });
        });
    }

    /** Sends the next canary, unless too many did not come through: then the connection is replaced. */
    void sendCanary() {
        if (access.refusal() != null) {
            return;
        }
        SubscriberLink present = link;
        if (present == null) {
            // It broke while the registry was coming in, after it had been made.
            replace();
            return;
        }
        if (watches.sinceCanary() > CANARIES_MISSED * CANARY_MILLIS * 1_000_000) {
            present.lose(Failures.unavailable("nothing came over it for " + CANARIES_MISSED + " s"));
            return;
        }
        access.run(
                        Request.cmd(Command.PUBLISH)
                                .arg(access.keys().channel(access.self()))
                                .arg(watches.nextCanary()),
                        false)
                .onFailure(cause -> LOG.debug("A canary could not be sent", cause));
    }

    void checkDeadlines() {
        if (link != null) {
            link.checkDeadlines();
        }
    }

    void close() {
        SubscriberLink present = link;
        link = null;
        current++;
        if (present != null) {
            present.close();
        }
    }
}
