/** Says back what it hears: for trying out a connection. */
@NullMarked
package dev.muster.node.protocol.echo;

import org.jspecify.annotations.NullMarked;
