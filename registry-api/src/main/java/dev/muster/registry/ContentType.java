package dev.muster.registry;

/** What a payload is. Text stays text and binary stays binary all the way; a registry never looks inside. */
public enum ContentType {
    /** UTF-8. */
    TEXT,
    /** Bytes. */
    BINARY,
    /** UTF-8, one JSON value. */
    JSON
}
