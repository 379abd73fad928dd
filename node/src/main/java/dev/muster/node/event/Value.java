package dev.muster.node.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How values of one type, with their constraints, are read from JSON, checked and written. */
interface Value {

    /**
     * Reads the value that the current token begins, all of it, and checks it.
     *
     * @return null if {@code issues} were added
     */
    @Nullable
    Object read(JsonParser json, String path, List<Issue> issues) throws IOException;

    /** Adds what is wrong with a value. */
    void check(Object value, String path, List<Issue> issues);

    /** Writes a value. */
    void write(JsonGenerator json, Object value) throws IOException;
}
