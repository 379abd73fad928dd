/**
 * Entities and their components, the same on every node: what an application declares ({@link
 * dev.muster.node.sync.Sync}), how it changes a space ({@link dev.muster.node.sync.Space}), and the copy that a node keeps
 * of it ({@link dev.muster.node.sync.Replica}). Knows no wire.
 */
@NullMarked
package dev.muster.node.sync;

import org.jspecify.annotations.NullMarked;
