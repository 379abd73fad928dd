/** A client for the terminal: prints what arrives, sends what is typed, in each of the protocols. */
@NullMarked
package dev.muster.node.cli.connect;

import org.jspecify.annotations.NullMarked;
