package dev.muster.node.transport;

import dev.muster.node.connection.Refusal;

/** A refused upgrade: the answer, a word for the statistics, and a header that goes with the status. */
final class Rejection extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;
    private final String word;
    private final String header;

    Rejection(String word, Refusal refusal) {
        this(word, refusal, "");
    }

    /**
     * @param header a whole header line without its end, or nothing
     */
    Rejection(String word, Refusal refusal, String header) {
        super(refusal.getMessage(), null, false, false);
        this.word = word;
        this.refusal = refusal;
        this.header = header;
    }

    static Rejection handshake(String field, String allowed) {
        return new Rejection("handshake", Refusal.badRequest(field, allowed));
    }

    Refusal refusal() {
        return refusal;
    }

    String word() {
        return word;
    }

    String header() {
        return header;
    }
}
