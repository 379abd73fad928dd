package dev.muster.node.session;

import io.vertx.core.buffer.Buffer;

/** What nodes tell each other about sessions. */
final class Notes {

    /** Somebody goes on with the session of this connection elsewhere: write down where it stands, and let it go. */
    static final Buffer LEAVE = Buffer.buffer("leave");

    private Notes() {}
}
