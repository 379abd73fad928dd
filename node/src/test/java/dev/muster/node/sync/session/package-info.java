/** Tests of spaces' clients: rules with a time of their own, and a wire made of words. */
@NullMarked
package dev.muster.node.sync.session;

import org.jspecify.annotations.NullMarked;
