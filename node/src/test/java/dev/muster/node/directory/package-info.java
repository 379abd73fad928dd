/** Tests of the directory of connections. */
@NullMarked
package dev.muster.node.directory;

import org.jspecify.annotations.NullMarked;
