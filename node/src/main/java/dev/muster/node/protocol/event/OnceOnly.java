package dev.muster.node.protocol.event;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import dev.muster.registry.RegistryException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How a client may say the same again after its connection was cut, and is heard once: the registry takes an id once in
 * its dedupe window, on whatever node.
 */
final class OnceOnly {

    /** What is wrong with an id that came with another message before. */
    static final String USED = "was used for another message before";

    /** So many bits are enough that nobody finds two messages of one key. */
    private static final int KEY_BYTES = 16;

    private OnceOnly() {}

    /**
     * What the registry shall call a message. The id is a client's own: it counts together with the client's id, and the
     * user's, so that nobody takes it away from somebody else; without a client's id, with that of the session, which
     * outlives sockets.
     *
     * @param hasSession whether the connection's id is that of a session
     * @param messageId what the client calls it
     * @return null if the client could not be known again, so that its ids mean nothing beyond this connection
     */
    static @Nullable String key(Connection connection, boolean hasSession, String messageId) {
        Identity identity = connection.identity();
        String client = identity.clientId();
        if (client == null && !hasSession) {
            return null;
        }
        MessageDigest digest = sha256();
        add(digest, identity.userId() == null ? "" : identity.userId());
        add(digest, client == null ? "session" : "client");
        add(digest, client == null ? connection.id() : client);
        add(digest, messageId);
        byte[] key = Arrays.copyOf(digest.digest(), KEY_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /** With its length, so that no two lists of parts are one text. */
    private static void add(MessageDigest digest, String part) {
        byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
        digest.update(utf8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Whether a message was refused because its id came with another one before. */
    static boolean isUsed(@Nullable Throwable failure) {
        return failure instanceof RegistryException refused && refused.reason() == RegistryException.Reason.CONFLICT;
    }
}
