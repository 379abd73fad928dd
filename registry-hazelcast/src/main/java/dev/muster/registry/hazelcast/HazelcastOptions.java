package dev.muster.registry.hazelcast;

import dev.muster.registry.Limits;
import dev.muster.registry.RegistryOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of this registry.
 *
 * @param members where other members may be, as {@code host:port}; empty for this machine's port range
 * @param port where this member listens, or the next free one after it
 * @param bind the address it listens at, perhaps with {@code *} for the last part
 * @param quorum members below which nothing is accepted
 */
record HazelcastOptions(List<String> members, int port, String bind, int quorum) {

    static final String MEMBERS = "hazelcast-members";
    static final String PORT = "hazelcast-port";
    static final String BIND = "hazelcast-bind";
    static final String QUORUM = "hazelcast-quorum";

    private static final int DEFAULT_PORT = 5701;
    private static final String DEFAULT_BIND = "127.0.0.1";

    /** Ports from the first on that members of one machine use. */
    static final int PORTS = 16;

    static final List<RegistryOption> DESCRIPTORS = List.of(
            new RegistryOption(
                    MEMBERS,
                    "<host:port,…>",
                    "Where other nodes' Hazelcast members may be. Without it the nodes of this machine find each other.",
                    null,
                    null,
                    false),
            new RegistryOption(
                    PORT,
                    "<port>",
                    "Where this node's Hazelcast member listens; if it is taken, at the next free one of " + PORTS
                            + ".",
                    Integer.toString(DEFAULT_PORT),
                    null,
                    false),
            new RegistryOption(
                    BIND,
                    "<address>",
                    "The address it listens at, such as 10.0.0.5 or 10.0.0.*. Whoever reaches it can join the cluster:"
                            + " keep it in a private network.",
                    DEFAULT_BIND,
                    null,
                    false),
            new RegistryOption(
                    QUORUM,
                    "<members>",
                    "Members below which operations are refused. Set it to the majority of your nodes, so that the"
                            + " smaller part of a split network accepts nothing.",
                    "1",
                    null,
                    false));

    static HazelcastOptions of(Map<String, String> options) {
        List<String> members = members(options.get(MEMBERS));
        int port = number(options, PORT, DEFAULT_PORT, 1024, 65_535 - PORTS);
        int quorum = number(options, QUORUM, 1, 1, 1_000);
        String bind = options.getOrDefault(BIND, DEFAULT_BIND).trim();
        if (!bind.matches("[0-9]{1,3}(\\.([0-9]{1,3}|\\*)){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw new IllegalArgumentException("--" + BIND
                    + " must be an address such as 127.0.0.1 or 10.0.0.*, but is \"" + Limits.shown(bind) + "\"");
        }
        boolean allHere = members.stream().allMatch(HazelcastOptions::isLoopback);
        if (isLoopback(bind) && !allHere) {
            throw new IllegalArgumentException("--" + MEMBERS + " names other machines, which cannot reach this one at "
                    + bind + "; set --" + BIND + " to an address of this machine in their network");
        }
        if (members.isEmpty() && bind.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    "--" + BIND + " with a * needs --" + MEMBERS + ", or nobody knows where the other members are");
        }
        return new HazelcastOptions(members, port, bind, quorum);
    }

    private static List<String> members(@Nullable String text) {
        List<String> members = new ArrayList<>();
        for (String each : text == null ? new String[0] : text.split(",", -1)) {
            String member = each.trim();
            if (!member.matches("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?")) {
                throw new IllegalArgumentException("--" + MEMBERS + " must be host:port, host:port …, but one is \""
                        + Limits.shown(member) + "\"");
            }
            boolean hasPort = member.lastIndexOf(':') > member.lastIndexOf(']');
            if (hasPort) {
                int port = Integer.parseInt(member.substring(member.lastIndexOf(':') + 1));
                if (port < 1 || port > 65_535) {
                    throw new IllegalArgumentException(
                            "--" + MEMBERS + " must name ports of 1 to 65535, but one is " + port);
                }
            }
            members.add(hasPort ? member : member + ":" + DEFAULT_PORT);
        }
        return members;
    }

    private static int number(Map<String, String> options, String name, int byDefault, int least, int most) {
        String text = options.get(name);
        if (text == null) {
            return byDefault;
        }
        try {
            int value = Integer.parseInt(text.trim());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // The sentence below says it.
        }
        throw new IllegalArgumentException(
                "--" + name + " must be " + least + " to " + most + ", but is \"" + Limits.shown(text) + "\"");
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.")
                || host.startsWith("localhost")
                || host.startsWith("[::1]")
                || host.equals("::1");
    }

    /** Where to look for other members. */
    List<String> seeds() {
        if (!members.isEmpty()) {
            return members;
        }
        List<String> ports = new ArrayList<>();
        String host = bind.indexOf(':') >= 0 ? "[" + bind + "]" : bind;
        for (int each = port; each < port + PORTS; each++) {
            ports.add(host + ":" + each);
        }
        return ports;
    }
}
