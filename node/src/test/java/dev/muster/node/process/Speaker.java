package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.cluster.AckClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Says texts on the events wire, and does what its page tells a client to do that must not lose any: a text of which it
 * does not know whether it is in, because it was refused or the connection broke, it says again under the same message
 * id. What is in comes back to it, over its session, whatever becomes of its sockets.
 */
final class Speaker {

    private static final long ANSWER_NANOS = 3_000_000_000L;

    private final AckClient client = new AckClient("/ws?ack=true&events=server.message", null);
    private final IntSupplier port;
    private final Set<String> confirmed = new HashSet<>();
    private int read;
    private int again;

    /**
     * @param port of a node that is up
     */
    Speaker(IntSupplier port) {
        this.port = port;
        client.connectUntilGreeted(port);
    }

    /** Goes on at another node. */
    void move() {
        client.cut();
        comeBack();
    }

    private void comeBack() {
        JsonObject hello = client.connectUntilGreeted(port);
        assertThat(hello.getBoolean("recovered")).as("the speaker's session").isTrue();
    }

    /** How many texts were said more than once. */
    int again() {
        return again;
    }

    /** Says all of them, and returns when all are in. */
    void say(List<String> texts) {
        List<String> missing = new ArrayList<>(texts);
        while (!missing.isEmpty()) {
            if (client.isClosed()) {
                comeBack();
            }
            int errors = client.others.size();
            try {
                missing.forEach(text -> client.say(message(text)));
            } catch (CompletionException broken) {
                client.cut();
                comeBack();
            }
            long until = System.nanoTime() + ANSWER_NANOS;
            while (isAnyMissing(missing)
                    && client.others.size() == errors
                    && !client.isClosed()
                    && System.nanoTime() - until < 0) {
                LockSupport.parkNanos(500_000);
            }
            if (isAnyMissing(missing)) {
                // As a client does that was refused: not at once.
                LockSupport.parkNanos(50_000_000);
                isAnyMissing(missing);
                again += missing.size();
            }
        }
    }

    private static String message(String text) {
        return new JsonObject()
                .put("type", "publish")
                .put("channel", "client.message")
                .put("messageId", "id-of-" + text)
                .put("payload", new JsonObject().put("message", text))
                .encode();
    }

    private boolean isAnyMissing(List<String> missing) {
        for (; read < client.taken.size(); read++) {
            JsonObject event = new JsonObject(client.taken.get(read));
            confirmed.add(event.getJsonObject("payload").getString("message"));
        }
        missing.removeIf(confirmed::contains);
        return !missing.isEmpty();
    }
}
