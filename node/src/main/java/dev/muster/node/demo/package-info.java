/** The world of {@code muster demo}: something to look at that moves. Uses a space as any application does. */
@NullMarked
package dev.muster.node.demo;

import org.jspecify.annotations.NullMarked;
