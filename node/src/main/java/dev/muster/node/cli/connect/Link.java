package dev.muster.node.cli.connect;

import io.vertx.core.Future;

/** An open connection to a server. */
interface Link {

    /** What happens on it. */
    interface Events {
        /** Something arrived. */
        void received(Frame frame);

        /**
         * It is closed.
         *
         * @param code of the close frame; 1006 if there was none
         * @param reason may be empty
         */
        void closed(int code, String reason);
    }

    /** Sends a frame. */
    Future<Void> send(Frame frame);

    /** Says goodbye. */
    Future<Void> close();
}
