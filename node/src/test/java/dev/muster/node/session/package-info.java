/** Tests of sessions without sockets, in virtual time. */
@NullMarked
package dev.muster.node.session;

import org.jspecify.annotations.NullMarked;
