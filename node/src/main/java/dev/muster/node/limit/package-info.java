/**
 * How much clients may do: messages of a connection, of a user in the cluster, of a node, and new connections of an
 * address.
 */
@NullMarked
package dev.muster.node.limit;

import org.jspecify.annotations.NullMarked;
