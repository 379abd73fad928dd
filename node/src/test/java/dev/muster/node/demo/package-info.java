@NullMarked
package dev.muster.node.demo;

import org.jspecify.annotations.NullMarked;
