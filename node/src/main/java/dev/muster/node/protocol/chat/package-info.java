/** The chat of people with names: lines of text, joins and leaves. */
@NullMarked
package dev.muster.node.protocol.chat;

import org.jspecify.annotations.NullMarked;
