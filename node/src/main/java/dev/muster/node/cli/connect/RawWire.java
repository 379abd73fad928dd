package dev.muster.node.cli.connect;

import java.util.List;
import java.util.Map;

/** Another wire, whose frames are printed as they are. */
record RawWire(Wire inner) implements Wire {

    @Override
    public String path(String room) {
        return inner.path(room);
    }

    @Override
    public Map<String, String> query() {
        return inner.query();
    }

    @Override
    public List<Frame> opening() {
        return inner.opening();
    }

    @Override
    public Frame typed(String line) {
        return inner.typed(line);
    }

    @Override
    public void received(Frame frame, Output output) {
        // Read all the same: the wire may have to answer.
        inner.received(frame, new Output() {
            @Override
            public void print(String line) {}

            @Override
            public void send(Frame answer) {
                output.send(answer);
            }
        });
        output.print(frame.isText() ? frame.text() : Visible.bytes(frame.payload()));
    }
}
