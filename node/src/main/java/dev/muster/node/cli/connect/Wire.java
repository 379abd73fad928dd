package dev.muster.node.cli.connect;

import java.util.List;
import java.util.Map;

/** A protocol as its client speaks it. One object for each connection: it may remember. */
interface Wire {

    /** Where what a wire has to say goes. */
    interface Output {
        /** A line for the user; control characters may be in it. */
        void print(String line);

        /** A frame for the server. */
        void send(Frame frame);
    }

    /** The path it is served at, for a URL that names none. */
    String path(String room);

    /** What the query has to say beside what the URL says itself. */
    Map<String, String> query();

    /** What is sent first. */
    default List<Frame> opening() {
        return List.of();
    }

    /** What a typed line becomes. */
    Frame typed(String line);

    /** Shows what has arrived. */
    void received(Frame frame, Output output);
}
