/** The command line: {@code muster node}, {@code demo}, {@code check} and {@code version}. */
@NullMarked
package dev.muster.node.cli;

import org.jspecify.annotations.NullMarked;
