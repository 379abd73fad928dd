package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.transport.RawSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Two who talk in a room in which somebody misbehaves: one says a marker, the other hears what came before it. */
final class Bystanders implements AutoCloseable {

    static final String FIRST_MARKER = "marker 1";

    private final RawSocket speaker;
    private final RawSocket listener;
    private int markers;

    Bystanders(Target target, String room) throws IOException {
        speaker = target.open(Surface.RELAY, room);
        listener = target.open(Surface.RELAY, room);
    }

    /** All that came since the last time, of what the server had before this was called. */
    private List<RawSocket.Frame> heard() throws IOException {
        String marker = "marker " + ++markers;
        speaker.sendText(marker);
        return heardBefore(marker);
    }

    private List<RawSocket.Frame> heardBefore(String marker) throws IOException {
        List<RawSocket.Frame> heard = new ArrayList<>();
        for (RawSocket.Frame next = listener.read(); !next.text().equals(marker); next = listener.read()) {
            heard.add(next);
        }
        return heard;
    }

    /** Of somebody whom the server is done with. */
    void assertHeardNothing() throws IOException {
        assertThat(heard()).isEmpty();
    }

    /** The one text that is on its way. */
    String heardOne() throws IOException {
        RawSocket.Frame next = listener.read();
        assertThat(next.opcode()).isEqualTo(1);
        return next.text();
    }

    /** Exactly these texts of {@code client}, who stays: what it says afterwards is heard behind them. */
    void assertHeard(RawSocket client, String... texts) throws IOException {
        String marker = "marker " + ++markers;
        client.sendText(marker);
        assertThat(heardBefore(marker)).extracting(RawSocket.Frame::text).containsExactly(texts);
    }

    @Override
    public void close() throws IOException {
        speaker.close();
        listener.close();
    }
}
