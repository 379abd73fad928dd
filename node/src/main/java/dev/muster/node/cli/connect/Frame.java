package dev.muster.node.cli.connect;

import io.vertx.core.buffer.Buffer;

/**
 * What goes over a connection at once; on a raw socket a piece of the stream.
 *
 * @param isText whether it is text, which a raw socket never carries
 */
record Frame(boolean isText, Buffer payload) {

    static Frame text(String text) {
        return new Frame(true, Buffer.buffer(text));
    }

    static Frame binary(byte[] bytes) {
        return new Frame(false, Buffer.buffer(bytes));
    }

    String text() {
        return payload.toString();
    }
}
