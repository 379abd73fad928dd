/** Tests of what a node tells of itself. */
package dev.muster.node.ops;
