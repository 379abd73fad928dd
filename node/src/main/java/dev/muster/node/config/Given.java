package dev.muster.node.config;

/**
 * A value somebody gave for an option.
 *
 * @param text the value
 * @param label what they called the option: {@code --port}, {@code PORT}, {@code port in muster.yaml}
 * @param deliberate whether it was said to this node, rather than found in its surroundings
 */
record Given(String text, String label, boolean deliberate) {}
