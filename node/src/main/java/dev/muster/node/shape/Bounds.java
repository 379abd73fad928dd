package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link Length} and {@link Range} ask for. */
final class Bounds {

    private Bounds() {}

    static void checkSize(int size, @Nullable Length length, String unit, String path, List<Issue> issues) {
        if (length == null || size >= length.min() && size <= length.max()) {
            return;
        }
        String allowed = length.max() == Integer.MAX_VALUE
                ? "at least " + length.min()
                : length.min() == 0 ? "at most " + length.max() : length.min() + " to " + length.max();
        issues.add(new Issue(path, "must have " + allowed + " " + unit + ", but has " + size));
    }

    static void checkRange(double value, @Nullable Range range, String path, List<Issue> issues) {
        // Written so that no number at all is out of every range.
        if (range != null && !(value >= range.min() && value <= range.max())) {
            issues.add(new Issue(path, "must be from " + range.min() + " to " + range.max()));
        }
    }

    static void describe(JsonGenerator json, @Nullable Length length, String least, String most) throws IOException {
        if (length != null && length.min() > 0) {
            json.writeNumberField(least, length.min());
        }
        if (length != null && length.max() < Integer.MAX_VALUE) {
            json.writeNumberField(most, length.max());
        }
    }

    static void describe(JsonGenerator json, @Nullable Range range) throws IOException {
        if (range != null && Double.isFinite(range.min())) {
            json.writeNumberField("minimum", range.min());
        }
        if (range != null && Double.isFinite(range.max())) {
            json.writeNumberField("maximum", range.max());
        }
    }
}
