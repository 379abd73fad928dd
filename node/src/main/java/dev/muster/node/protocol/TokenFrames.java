package dev.muster.node.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Gate;
import dev.muster.node.connection.Grant;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * {@code {"type":"AUTH","token":…}}: how a client of a JSON protocol sends a newer token. It is never relayed to
 * anybody, whatever else is in it.
 */
public final class TokenFrames {

    /** What {@code type} says. */
    public static final String TYPE = "AUTH";

    private static final byte[] QUOTED = Glance.quoted(TYPE);

    /** A token and what is around it have less. */
    private static final int MAX_LENGTH = 8_192;

    /** Where in a frame its type is looked for. */
    private static final int TYPE_WITHIN = 64;

    private TokenFrames() {}

    /** Whether a message seems to be one, for {@link dev.muster.node.connection.SocketHandler#isControl}. */
    public static boolean isLikely(Message message) {
        return message.payload().length() <= MAX_LENGTH && Glance.at(message, QUOTED, TYPE_WITHIN);
    }

    /**
     * Takes the token in a frame. On the connection's event loop.
     *
     * @param frame a JSON object of the type
     * @return who the connection is now; fails with a {@link Refusal} otherwise
     */
    public static Future<Identity> take(Gate gate, Connection connection, Buffer frame) {
        String token = token(frame);
        return token == null
                ? Future.failedFuture(Refusal.badRequest("token", "must be a text"))
                : gate.refresh(connection, token);
    }

    private static @Nullable String token(Buffer frame) {
        String token = null;
        try (JsonParser parser = Json.FACTORY.createParser(frame.getBytes())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isToken = parser.currentName().equals("token");
                if (parser.nextToken() == JsonToken.VALUE_STRING && isToken) {
                    token = parser.getText();
                }
                parser.skipChildren();
            }
            return token;
        } catch (IOException malformed) {
            return null;
        }
    }

    /** The answer to a token that was taken: {@code {"type":"AUTH","expiresAt":ms}}. */
    public static String taken(Identity identity) {
        return Json.text(generator -> {
            generator.writeStringField("type", TYPE);
            Grant grant = identity.grant();
            if (grant != null) {
                generator.writeNumberField("expiresAt", grant.expiresAt().toEpochMilli());
            }
        });
    }

    /** Why a token was not taken, as a sentence. */
    public static String reason(Throwable failure) {
        if (!(failure instanceof Refusal refusal)) {
            return ErrorCode.FORBIDDEN.sentence();
        }
        return refusal.details().isEmpty()
                ? String.valueOf(refusal.getMessage())
                : refusal.details().get(0).field() + ": "
                        + refusal.details().get(0).message();
    }
}
