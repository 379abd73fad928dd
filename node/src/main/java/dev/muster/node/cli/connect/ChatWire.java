package dev.muster.node.cli.connect;

import java.util.Map;

/** Lines of text, under the name that the token gives. */
final class ChatWire implements Wire {

    @Override
    public String path(String room) {
        return "/ws/chat/" + Query.encoded(room);
    }

    @Override
    public Map<String, String> query() {
        return Map.of();
    }

    @Override
    public Frame typed(String line) {
        return Frame.text(line);
    }

    @Override
    public void received(Frame frame, Output output) {
        output.print(frame.isText() ? frame.text() : Visible.bytes(frame.payload()));
    }
}
