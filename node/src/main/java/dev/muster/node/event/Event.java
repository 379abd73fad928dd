package dev.muster.node.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a record as an event. Clients may publish events whose name begins with {@code client.}; all others are for
 * the server to publish and for clients to subscribe to.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Event {
    /** Its name, which is the channel it goes over: letters, digits, dots, dashes and underscores, at most 64. */
    String value();
}
