package dev.muster.node.protocol.event;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.directory.Directory;
import dev.muster.node.event.Event;
import dev.muster.node.event.EventType;
import dev.muster.node.event.Events;
import dev.muster.node.event.InvalidEvent;
import dev.muster.node.event.Notification;
import dev.muster.node.event.Target;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Json;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Rooms;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Publishes the server's own events to clients on whatever node. Any thread. */
public final class EventPublisher {

    private final Rooms rooms;
    private final Directory directory;
    private final Events events;

    /**
     * Publishes over a node.
     *
     * @param events what may be published, besides {@link Notification}
     */
    public EventPublisher(Rooms rooms, Directory directory, Events events) {
        this.rooms = rooms;
        this.directory = directory;
        this.events = events;
    }

    /**
     * Checks an event and publishes it to those who subscribed to it.
     *
     * @return done when it is on its way; fails with a {@link dev.muster.registry.RegistryException}
     * @throws InvalidEvent if it is not as it was declared
     * @throws IllegalArgumentException if it is not declared on this node, or is one that clients publish
     */
    public <E extends Record> Future<Void> publish(E event, Target target) {
        EventType<E> type = typeOf(event);
        type.check(event);
        Buffer payload = payload(type, event);
        Map<String, String> headers = new HashMap<>();
        headers.put(RoomEvent.Message.FORM, Form.EVENT);
        headers.put(EventEncoder.EVENT, type.name());
        if (target instanceof Target.OfRoom room) {
            Draft draft = new Draft(null, ContentType.JSON, payload, headers, false, null, null);
            return rooms.publish(room.name(), draft).mapEmpty();
        }
        if (target instanceof Target.OfUser user) {
            headers.put(Audience.TO, user.id());
        } else if (target instanceof Target.OfConnection connection) {
            headers.put(Audience.TO_CONNECTION, connection.id());
        }
        return directory.broadcast(new Draft(null, ContentType.JSON, payload, headers, true, null, null));
    }

    @SuppressWarnings("unchecked") // the type's record is the event's class
    private <E extends Record> EventType<E> typeOf(E event) {
        if (event instanceof Notification) {
            return (EventType<E>) Channels.NOTIFICATION;
        }
        Event declared = event.getClass().getAnnotation(Event.class);
        EventType<?> type = declared == null ? null : events.find(declared.value());
        if (type == null || type.type() != event.getClass()) {
            throw new IllegalArgumentException(event.getClass().getName() + " is not declared on this node");
        }
        if (Events.isFromClients(type.name())) {
            throw new IllegalArgumentException(type.name() + " is for clients to publish");
        }
        return (EventType<E>) type;
    }

    private static <E extends Record> Buffer payload(EventType<E> type, E event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            type.write(json, event);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail as a stream does", impossible);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
