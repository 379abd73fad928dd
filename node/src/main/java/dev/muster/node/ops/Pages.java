package dev.muster.node.ops;

import dev.muster.node.transport.HttpErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The pages of a node, kept in memory. What a page may do is said strictly: nothing but what comes from here. */
final class Pages {

    /** No inline scripts or styles, no other hosts, no frames around it. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none';" + " frame-ancestors 'none'";

    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** The page at the root, the others under {@code /client/}. */
    private static final String ROOT = "index.html";

    private static final Map<String, String> FILES = Map.of(
            ROOT,
            "text/html; charset=utf-8",
            "chat.css",
            "text/css; charset=utf-8",
            "icon.svg",
            "image/svg+xml",
            "chat.js",
            SCRIPT,
            "link.js",
            SCRIPT,
            "log.js",
            SCRIPT,
            "people.js",
            SCRIPT,
            "toasts.js",
            SCRIPT);

    private record Page(String contentType, Buffer bytes, String tag) {}

    private final Map<String, Page> pages = new HashMap<>();

    Pages() {
        FILES.forEach((name, contentType) -> pages.put(name, load(name, contentType)));
    }

    private static Page load(String name, String contentType) {
        try (InputStream in = Pages.class.getResourceAsStream("/web/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page " + name + " is missing from the program");
            }
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            String tag = '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
            return new Page(contentType, Buffer.buffer(bytes), tag);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    void root(HttpServerRequest request) {
        answer(request, ROOT);
    }

    void file(HttpServerRequest request, String name) {
        answer(request, name.equals(ROOT) ? "" : name);
    }

    private void answer(HttpServerRequest request, String name) {
        Page page = pages.get(name);
        if (page == null) {
            HttpErrors.answer(request, 404, "not found", List.of());
            return;
        }
        HttpServerResponse response = request.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader(HttpHeaders.ETAG, page.tag())
                // Asked for each time, and sent again only if it changed: nodes of two versions may stand behind one
                // proxy.
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        if (page.tag().equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, page.contentType()).end(page.bytes());
        }
    }
}
