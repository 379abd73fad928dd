/** Tests of who comes in. */
@NullMarked
package dev.muster.node.auth;

import org.jspecify.annotations.NullMarked;
