package dev.muster.node.codec.bincode;

/** Bytes that are not what they should be. Bad input is nothing unusual, so it carries no stack trace. */
public final class BincodeException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what was wrong and what is allowed, for a log
     */
    public BincodeException(String message) {
        super(message, null, false, false);
    }
}
