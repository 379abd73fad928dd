package dev.muster.node.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.shape.Issue;
import dev.muster.node.shape.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A declared event: its name, and how to read, check and write it. Made once from the record class by reflection;
 * reading and writing stream, and build nothing but the event. Any thread.
 *
 * @param <E> the record
 */
public final class EventType<E extends Record> {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String name;
    private final Class<E> type;
    private final Shape shape;

    private EventType(String name, Class<E> type, Shape shape) {
        this.name = name;
        this.type = type;
        this.shape = shape;
    }

    /**
     * Reads the declaration of a record.
     *
     * @throws IllegalArgumentException if it is not annotated with {@link Event}, or a component has a type that events
     *     do not have, or a constraint that its type does not have
     */
    public static <E extends Record> EventType<E> of(Class<E> type) {
        Event event = type.getAnnotation(Event.class);
        if (event == null) {
            throw new IllegalArgumentException(type.getName() + " is no event: it needs @Event(\"a.name\")");
        }
        if (!NAME.matcher(event.value()).matches()) {
            throw new IllegalArgumentException(type.getName() + ": an event's name has 1 to 64 letters, digits, dots,"
                    + " dashes and underscores, but is \"" + event.value() + "\"");
        }
        return new EventType<>(event.value(), type, Shape.of(type));
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its record. */
    public Class<E> type() {
        return type;
    }

    /**
     * Reads an event. Keys that the record does not have are passed over.
     *
     * @param json whose current token begins the value
     * @throws InvalidEvent if it is not as declared
     * @throws IOException if it is no JSON
     */
    public E read(JsonParser json) throws IOException {
        List<Issue> issues = new ArrayList<>(0);
        Object event = shape.read(json, "", issues);
        if (event == null || !issues.isEmpty()) {
            throw new InvalidEvent(name, issues);
        }
        return type.cast(event);
    }

    /**
     * Checks an event that was made here.
     *
     * @throws InvalidEvent if it is not as declared
     */
    public void check(E event) {
        List<Issue> issues = new ArrayList<>(0);
        shape.check(event, "", issues);
        if (!issues.isEmpty()) {
            throw new InvalidEvent(name, issues);
        }
    }

    /** Writes an event as an object. */
    public void write(JsonGenerator json, E event) throws IOException {
        shape.write(json, event);
    }
}
