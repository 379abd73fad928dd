/** Components that every node knows; an application declares its own beside them. */
@NullMarked
package dev.muster.node.sync.component;

import org.jspecify.annotations.NullMarked;
