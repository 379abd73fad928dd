/**
 * The contract between a node and whatever connects it to the other nodes.
 *
 * <p>A node holds only its own sockets. Who is in a group, in which order the group's publications come, and how they
 * reach the other nodes is the business of a {@link dev.muster.registry.ConnectionRegistry}. The rules every registry
 * keeps are numbered R01 to R25; the Javadoc here names them where they apply, {@code docs/registry-contract.md} lists
 * them, and the test kit in this module's test-jar holds an implementation to each of them by number.
 *
 * <p>Order, duplicates and gaps are the same problem over every backend, so they are solved once, in
 * {@link dev.muster.registry.GroupFeed}; an implementation only transports.
 */
@NullMarked
package dev.muster.registry;

import org.jspecify.annotations.NullMarked;
