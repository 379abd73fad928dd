/** Entities and components as JSON: text frames on {@code /ws/sync}, for clients that have no bincode, such as pages. */
@NullMarked
package dev.muster.node.protocol.sync;

import org.jspecify.annotations.NullMarked;
