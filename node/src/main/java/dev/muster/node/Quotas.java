package dev.muster.node;

import dev.muster.node.config.LimitOptions;
import dev.muster.node.config.Rate;
import dev.muster.node.limit.AddressLimits;
import dev.muster.node.limit.Allowance;
import dev.muster.node.limit.LimitFigures;
import dev.muster.node.limit.MessageLimits;
import dev.muster.node.limit.UserLimits;
import dev.muster.node.ops.NamedFigures;
import dev.muster.node.transport.ConnectionLimit;
import dev.muster.node.transport.MessageLimit;
import dev.muster.registry.ConnectionRegistry;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much clients of a node may do. */
final class Quotas {

    private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);
    private static final String USERS = "users";

    private final LimitFigures figures = new LimitFigures();
    private final UserLimits users;
    private final MessageLimits messages;
    private final AddressLimits addresses;

    Quotas(LimitOptions options, String node, ConnectionRegistry registry, NodeTalk talk, LongSupplier nanoTime) {
        users = new UserLimits(
                allowance(options.user()),
                node,
                () -> registry.nodes().size(),
                report -> talk.tell(USERS, report)
                        .onFailure(failure -> LOG.debug("The others were not told of busy users", failure)),
                nanoTime);
        messages =
                new MessageLimits(allowance(options.messages()), users, allowance(options.node()), figures, nanoTime);
        addresses = new AddressLimits(allowance(options.connections()), options.loopback(), figures, nanoTime);
        talk.listen(USERS, users::onReport);
    }

    private static Allowance allowance(Rate rate) {
        return new Allowance(rate.count(), rate.window().toNanos());
    }

    MessageLimit messages() {
        return messages;
    }

    ConnectionLimit connections() {
        return addresses;
    }

    /** To be called twice a second. */
    void tick() {
        users.tick();
        addresses.tick();
    }

    void addFigures(NamedFigures named) {
        for (LimitFigures.Kind kind : LimitFigures.Kind.values()) {
            named.counter(
                    "muster.limited",
                    "Messages dropped and connections refused because they were too many, by limit",
                    () -> figures.sum(kind),
                    "limit",
                    kind.text());
        }
    }
}
