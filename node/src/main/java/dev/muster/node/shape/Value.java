package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How values of one type, with their constraints, are read, checked, written and described. */
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

    /** Writes a value as bincode. */
    void encode(BincodeWriter out, Object value);

    /** Reads what {@link #encode} wrote. Constraints are not looked at. */
    Object decode(BincodeReader in) throws BincodeException;

    /** Turns bincode into JSON without making the value. */
    void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException;

    /** The fewest bytes of bincode that a value takes. */
    int leastBytes();

    /** Writes the members of the value's JSON Schema. */
    void describe(JsonGenerator json) throws IOException;
}
