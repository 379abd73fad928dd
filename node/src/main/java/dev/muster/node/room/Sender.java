package dev.muster.node.room;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Publication;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who said something, or who came and went, as every protocol shows it. What other nodes need to know of a sender
 * travels in the headers of each message, under names of one letter; what goes without saying is left out, so that an
 * anonymous sender costs no header at all.
 *
 * @param connectionId the connection
 * @param transport see {@link Connection#transport()}
 * @param user the user id; null if it has none
 * @param clientId the client's own id; null if it gave none
 * @param name the user's name; null if it has none
 */
public record Sender(
        String connectionId,
        String transport,
        @Nullable String user,
        @Nullable String clientId,
        @Nullable String name) {

    /** The transport that is not mentioned. */
    private static final String USUAL_TRANSPORT = "websocket";

    private static final String USER = "u";
    private static final String CLIENT_ID = "c";
    private static final String NAME = "n";
    private static final String TRANSPORT = "t";

    /** A connection of this node. */
    public static Sender of(Connection connection) {
        Identity identity = connection.identity();
        return new Sender(
                connection.id(), connection.transport(), identity.userId(), identity.clientId(), identity.name());
    }

    /** The sender of a message; null if the server itself said it. */
    static @Nullable Sender of(Publication message) {
        String id = message.sender();
        if (id == null) {
            return null;
        }
        Map<String, String> headers = message.headers();
        return new Sender(
                id,
                headers.getOrDefault(TRANSPORT, USUAL_TRANSPORT),
                headers.get(USER),
                headers.get(CLIENT_ID),
                headers.get(NAME));
    }

    /** Whom a record of the registry is about. */
    public static Sender of(ConnectionRecord record) {
        Sender nameless = new Sender(record.connectionId(), record.transport(), record.user(), record.clientId(), null);
        return record.displayName().equals(nameless.displayName()) ? nameless : nameless.called(record.displayName());
    }

    /** The same with another name. */
    public Sender called(@Nullable String name) {
        return new Sender(connectionId, transport, user, clientId, name);
    }

    /** What {@link #of(Publication)} reads. Made once for a connection, not for each message. */
    public Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        put(headers, USER, user);
        put(headers, CLIENT_ID, clientId);
        put(headers, NAME, name);
        if (!transport.equals(USUAL_TRANSPORT)) {
            headers.put(TRANSPORT, transport);
        }
        return Map.copyOf(headers);
    }

    /** What other people see. */
    public String displayName() {
        return identity().displayName(transport, connectionId);
    }

    /** Whether it has a name or a user id of its own. */
    public boolean isNamed() {
        return identity().isNamed();
    }

    private Identity identity() {
        return new Identity(user, name, clientId, Set.of(), false);
    }

    private static void put(Map<String, String> headers, String header, @Nullable String value) {
        if (value != null) {
            headers.put(header, value);
        }
    }
}
