/** The example of the library's documentation, compiled and run. */
@NullMarked
package dev.muster.node.example;

import org.jspecify.annotations.NullMarked;
