package dev.muster.node.cli.connect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Parts of a URL. */
final class Query {

    private Query() {}

    /** Percent-encoded, good for a path and a query alike. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
