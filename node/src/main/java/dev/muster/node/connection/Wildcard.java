package dev.muster.node.connection;

/** Names in which {@code *} stands for any characters, none included. */
public final class Wildcard {

    private Wildcard() {}

    /**
     * Whether {@code text} is called by a pattern. Without a regular expression: patterns come from tokens, and one
     * must not be able to make a match slow.
     *
     * @param from where in {@code pattern} the pattern begins
     */
    public static boolean matches(String pattern, int from, String text) {
        int at = from;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (in < text.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                resume = in;
            } else if (at < pattern.length() && pattern.charAt(at) == text.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                // The last star takes one character more; earlier ones need not be tried again.
                at = star + 1;
                in = ++resume;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
