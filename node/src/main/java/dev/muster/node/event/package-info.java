/**
 * Events that an application declares as records: what they are called, what they have to be like, and who handles them.
 * Knows no wire; {@code protocol.event} carries them.
 */
@NullMarked
package dev.muster.node.event;

import org.jspecify.annotations.NullMarked;
