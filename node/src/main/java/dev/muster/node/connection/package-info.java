/**
 * What a connection looks like to everything that is not a transport: one socket, whatever wire it came over, and the
 * four callbacks that handle it. Transports implement {@link dev.muster.node.connection.Connection}; protocols, the
 * application's own handlers and rooms use it, and none of them sees a socket.
 */
@NullMarked
package dev.muster.node.connection;

import org.jspecify.annotations.NullMarked;
