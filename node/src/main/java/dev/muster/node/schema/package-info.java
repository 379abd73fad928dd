/** What relay members say in binary frames, generated from {@code src/main/proto}. */
@NullMarked
package dev.muster.node.schema;

import org.jspecify.annotations.NullMarked;
