/** Who a client is. */
@NullMarked
package dev.muster.node.auth;

import org.jspecify.annotations.NullMarked;
