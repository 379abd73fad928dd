package dev.muster.node.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Between which numbers a number is, both included. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
    /** The least. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The greatest. */
    double max() default Double.POSITIVE_INFINITY;
}
