package dev.muster.node.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How many characters (code points) a text has, or how many items a list. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Length {
    /** At least so many. */
    int min() default 0;

    /** At most so many. */
    int max() default Integer.MAX_VALUE;
}
