package dev.muster.node.sync.component;

/**
 * Where an entity is.
 *
 * @param x to the right
 * @param y up
 * @param z towards the viewer; 0 in a plane
 */
public record Position(float x, float y, float z) {}
