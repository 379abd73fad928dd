package dev.muster.registry;

/**
 * A non-empty group.
 *
 * @param group its name
 * @param members how many connections are in it
 */
public record GroupCount(String group, long members) {}
