package dev.muster.node.event;

/**
 * Stands around the handling of each event that a client publishes: once for the event, however many handlers there are.
 * The first that was given is the outermost. On the client's event loop: must not block.
 */
@FunctionalInterface
public interface Interceptor {

    /** What it stands around: further interceptors, what the node does with the event itself, then the handlers. */
    @FunctionalInterface
    interface Next {
        /**
         * Goes on.
         *
         * @throws Refused if what comes next does not want the event
         */
        void proceed();
    }

    /**
     * Goes on by {@code next}, or does not.
     *
     * @throws Refused to have the client told why not
     */
    void around(Received<?> event, Next next);
}
