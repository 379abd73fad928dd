package dev.muster.node.connection;

import io.vertx.core.buffer.Buffer;

/**
 * One whole message as a client sent it.
 *
 * @param isText whether it came as text; then the payload is valid UTF-8
 * @param payload never modified after this message was made
 */
public record Message(boolean isText, Buffer payload) {

    /** The payload read as UTF-8. */
    public String text() {
        return payload.toString();
    }
}
