/** Tests of the rooms: rules with fakes. */
@NullMarked
package dev.muster.node.room;

import org.jspecify.annotations.NullMarked;
