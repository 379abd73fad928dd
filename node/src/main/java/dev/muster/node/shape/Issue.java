package dev.muster.node.shape;

/**
 * One thing that is wrong with an event.
 *
 * @param path which field, dots between names: {@code address.city}, {@code items.0}; empty for the whole
 * @param message what is allowed
 */
public record Issue(String path, String message) {}
