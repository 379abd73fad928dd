package dev.muster.node.event;

/** Whom an event is for; in each case those who subscribed to it, on whatever node. */
public sealed interface Target {

    /** One connection. */
    record OfConnection(String id) implements Target {}

    /** All connections of a user. */
    record OfUser(String id) implements Target {}

    /** All members of a room, in the order of what is said there. */
    record OfRoom(String name) implements Target {}

    /** Everybody. */
    record OfEverybody() implements Target {}

    /** One connection, by its id: at most once. */
    static Target connection(String id) {
        return new OfConnection(id);
    }

    /** All connections of a user: at most once. */
    static Target user(String id) {
        return new OfUser(id);
    }

    /** All members of a room, in the order of what is said there. */
    static Target room(String name) {
        return new OfRoom(name);
    }

    /** Every connection of every node: at most once. */
    static Target everybody() {
        return new OfEverybody();
    }
}
