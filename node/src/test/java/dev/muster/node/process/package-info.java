/** Tests of the packaged program: real processes of nodes, Redis and nginx, told apart by their pids. */
package dev.muster.node.process;
