package dev.muster.node.ops;

import dev.muster.node.transport.HttpErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The pages of a node, kept in memory. What a page may do is said strictly: nothing but what comes from here. */
final class Pages {

    /** No inline scripts or styles, no other hosts, no frames around it. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none';" + " frame-ancestors 'none'";

    /** It looks at a second node besides the one that it is from. */
    private static final String WORLD = "/world";

    /** A host as it may stand in a policy: nothing that could end it and begin another. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}");

    /** The pages by path; the other files are under {@code /client/}. */
    static final Map<String, String> BY_PATH =
            Map.of("/", "index.html", "/inspector", "inspector.html", WORLD, "world.html", "/cluster", "cluster.html");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "js", "text/javascript; charset=utf-8",
            "ts", "text/plain; charset=utf-8");

    private static final List<String> FILES = List.of(
            "base.css",
            "icon.svg",
            "chat.css",
            "chat.js",
            "link.js",
            "log.js",
            "people.js",
            "toasts.js",
            "token.js",
            "admission.js",
            "muster-sync.js",
            "muster-sync.d.ts",
            "sync-calls.js",
            "sync-hold.js",
            "sync-link.js",
            "sync-view.js",
            "cluster.css",
            "cluster.js",
            "world.css",
            "world.js",
            "world-scene.js",
            "world-view.js",
            "inspector.css",
            "inspector.js",
            "inspector-details.js",
            "inspector-dialogs.js",
            "inspector-fields.js",
            "inspector-logs.js",
            "inspector-making.js",
            "inspector-model.js",
            "inspector-schema.js",
            "inspector-tree.js");

    private record Page(String contentType, Buffer bytes, String tag) {}

    private final Map<String, Page> pages = new HashMap<>();

    Pages() {
        BY_PATH.values().forEach(name -> pages.put(name, load(name)));
        FILES.forEach(name -> pages.put(name, load(name)));
    }

    private static Page load(String name) {
        String contentType = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
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

    /** One of {@link #BY_PATH}. */
    void page(HttpServerRequest request, String path) {
        answer(request, BY_PATH.getOrDefault(path, ""), path.equals(WORLD) ? POLICY + neighbours(request) : POLICY);
    }

    /** What pages consist of; a page itself has one address only. */
    void file(HttpServerRequest request, String name) {
        answer(request, FILES.contains(name) ? name : "", POLICY);
    }

    /** Leave to connect to other ports of the host that was asked, where further nodes may listen. */
    private static String neighbours(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        String host = authority == null ? "" : authority.host();
        return HOST.matcher(host).matches() ? "; connect-src 'self' ws://" + host + ":* wss://" + host + ":*" : "";
    }

    private void answer(HttpServerRequest request, String name, String policy) {
        Page page = pages.get(name);
        if (page == null) {
            HttpErrors.answer(request, 404, "not found", List.of());
            return;
        }
        HttpServerResponse response = request.response()
                .putHeader("Content-Security-Policy", policy)
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
