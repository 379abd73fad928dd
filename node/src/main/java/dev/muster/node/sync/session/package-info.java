/**
 * Clients of spaces: what they subscribed to, what they are told and when, what they change, ask for and hold. Knows no
 * wire; a wire says how things are written, and hands in what clients want.
 */
@NullMarked
package dev.muster.node.sync.session;

import org.jspecify.annotations.NullMarked;
