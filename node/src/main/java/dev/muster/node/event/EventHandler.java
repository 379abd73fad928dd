package dev.muster.node.event;

/**
 * Does something with an event that a client published. On the client's event loop: must not block.
 *
 * @param <E> the record
 */
@FunctionalInterface
public interface EventHandler<E extends Record> {
    /**
     * Takes an event.
     *
     * @throws Exception logged; other handlers, and the client, do not notice
     */
    void handle(Received<E> event) throws Exception;
}
