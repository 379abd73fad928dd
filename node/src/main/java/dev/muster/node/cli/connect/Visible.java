package dev.muster.node.cli.connect;

import io.vertx.core.buffer.Buffer;

/** Strangers' words as one harmless line: nothing in them moves the cursor, colours the terminal or turns the text. */
final class Visible {

    /** Bytes shown of a binary frame. */
    private static final int SHOWN_BYTES = 256;

    private Visible() {}

    static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(point -> append(line, point));
        return line.toString();
    }

    private static void append(StringBuilder line, int point) {
        switch (point) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (isHarmless(point)) {
                    line.appendCodePoint(point);
                } else {
                    line.append(String.format("\\u{%x}", point));
                }
            }
        }
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            // The joiner that families of emoji are made with; all others of its kind turn or hide text.
            case Character.FORMAT -> point == 0x200d;
            default -> true;
        };
    }

    /** {@code 0x0a0b… (300 bytes)}. */
    static String bytes(Buffer bytes) {
        int shown = Math.min(bytes.length(), SHOWN_BYTES);
        StringBuilder line = new StringBuilder(2 * shown + 24).append("0x");
        for (int i = 0; i < shown; i++) {
            line.append(Character.forDigit(bytes.getByte(i) >> 4 & 15, 16))
                    .append(Character.forDigit(bytes.getByte(i) & 15, 16));
        }
        if (shown < bytes.length()) {
            line.append("\u2026 (").append(bytes.length()).append(" bytes)");
        }
        return line.toString();
    }
}
