/**
 * What can be configured: {@link dev.muster.node.config.NodeOptions} is the outcome, {@link
 * dev.muster.node.config.OptionTable} lists what may be said, and {@link dev.muster.node.config.OptionReader} turns the
 * one into the other.
 */
@NullMarked
package dev.muster.node.config;

import org.jspecify.annotations.NullMarked;
