/** Tests of what can be configured. */
package dev.muster.node.config;
