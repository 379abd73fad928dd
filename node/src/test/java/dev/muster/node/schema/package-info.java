/** Tests of the schemas. */
@NullMarked
package dev.muster.node.schema;

import org.jspecify.annotations.NullMarked;
