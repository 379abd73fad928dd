/**
 * What clients do wrong, as tables: the input, the answer that is expected, whether the connection stays or with which
 * code it closes, and what is counted. In each case somebody else is there who must not notice.
 */
@NullMarked
package dev.muster.node.badinput;

import org.jspecify.annotations.NullMarked;
