package dev.muster.node.connection;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a connection is.
 *
 * @param userId from the token, else as claimed in the query; null if neither says
 * @param name the user's name; null if it has none
 * @param clientId the client's own id; null if it gave none
 * @param roles what it may do beyond what everybody may
 * @param authenticated whether a valid token vouches for the user
 * @param grant the token, if it ends some day; null without a token, and for the one of development
 */
public record Identity(
        @Nullable String userId,
        @Nullable String name,
        @Nullable String clientId,
        Set<String> roles,
        boolean authenticated,
        @Nullable Grant grant) {

    private static final String JOIN = "join:";
    private static final String SEND = "send:";

    /** Nobody in particular. */
    public static final Identity ANONYMOUS = new Identity(null, null, null, Set.of(), false);

    public Identity {
        roles = Set.copyOf(roles);
    }

    /** One without a token that ends. */
    public Identity(
            @Nullable String userId,
            @Nullable String name,
            @Nullable String clientId,
            Set<String> roles,
            boolean authenticated) {
        this(userId, name, clientId, roles, authenticated, null);
    }

    /** The same with another client id. */
    public Identity as(@Nullable String clientId) {
        return new Identity(userId, name, clientId, roles, authenticated, grant);
    }

    /** Whether it has any of some roles. */
    public boolean hasAny(String... wanted) {
        for (String role : wanted) {
            if (roles.contains(role)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it may be in a room: a role {@code join:<pattern>} names it, or there are no roles about rooms at all. */
    public boolean mayJoin(String room) {
        return allows(JOIN, room);
    }

    /** Whether it may say something there: {@code send:<pattern>}, else as {@link #mayJoin}. */
    public boolean maySend(String room) {
        return allows(SEND, room);
    }

    private boolean allows(String prefix, String room) {
        boolean restricted = false;
        for (String role : roles) {
            if (role.startsWith(prefix)) {
                if (Wildcard.matches(role, prefix.length(), room)) {
                    return true;
                }
                restricted = true;
            } else {
                restricted |= role.startsWith(JOIN) || role.startsWith(SEND);
            }
        }
        return !restricted;
    }

    /**
     * What other people see: the user's name, else the user id, else the transport's prefix and the connection id.
     *
     * @param transport see {@link Connection#transport()}
     */
    public String displayName(String transport, String connectionId) {
        if (name != null) {
            return name;
        }
        if (userId != null) {
            return userId;
        }
        return (transport.equals("tcp") ? "TCP-" : "WS-") + connectionId;
    }

    /** Whether it has a name or a user id of its own. */
    public boolean isNamed() {
        return name != null || userId != null;
    }
}
