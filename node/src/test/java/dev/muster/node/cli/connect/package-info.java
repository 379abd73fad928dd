/** Tests of the client for the terminal. */
@NullMarked
package dev.muster.node.cli.connect;

import org.jspecify.annotations.NullMarked;
