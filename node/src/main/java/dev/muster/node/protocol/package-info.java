/**
 * Protocols: what clients speak. Each is a package of its own with a handler, which makes publications of frames, and
 * an encoder, which makes frames of events; they meet in the rooms and know nothing of one another. What a message
 * looks like to a protocol it was not said in is decided by {@link dev.muster.node.protocol.Form}.
 *
 * <p>{@link dev.muster.node.protocol.Protocol} is the way in for further ones, found by
 * {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.muster.node.protocol;

import org.jspecify.annotations.NullMarked;
