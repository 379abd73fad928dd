package dev.muster.node.config;

/**
 * How much clients may do.
 *
 * @param messages of one connection
 * @param user messages of one user over the whole cluster
 * @param node messages of all connections of a node
 * @param connections new ones of one address
 * @param loopback whether the limit of connections is for this machine's own too
 */
public record LimitOptions(Rate messages, Rate user, Rate node, Rate connections, boolean loopback) {

    /** 100 messages a second of a connection, 60 new connections a minute of an address, the rest without limit. */
    public static final LimitOptions DEFAULT =
            new LimitOptions(Rate.perSecond(100), Rate.NONE, Rate.NONE, Rate.parse("60/60"), false);
}
