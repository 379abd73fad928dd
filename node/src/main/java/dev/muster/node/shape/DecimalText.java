package dev.muster.node.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record of a single {@code long} that is an id: an unsigned integer of 64 bits in bincode, and decimal text in JSON,
 * whose numbers are not exact beyond 2⁵³ in many languages.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface DecimalText {}
