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
 */
public record Identity(
        @Nullable String userId,
        @Nullable String name,
        @Nullable String clientId,
        Set<String> roles,
        boolean authenticated) {

    /** Nobody in particular. */
    public static final Identity ANONYMOUS = new Identity(null, null, null, Set.of(), false);

    public Identity {
        roles = Set.copyOf(roles);
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
