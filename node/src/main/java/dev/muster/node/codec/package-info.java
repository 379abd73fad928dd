/** What programs of other makes agree on, as bytes. Knows nothing of connections. */
@NullMarked
package dev.muster.node.codec;

import org.jspecify.annotations.NullMarked;
