package dev.muster.node.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads key material: small files, and key sets over HTTP. */
final class KeySource {

    /** A set of a hundred keys with certificates has less. */
    static final int MAX_BYTES = 256 * 1024;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private KeySource() {}

    static boolean isUrl(String source) {
        return source.startsWith("http://") || source.startsWith("https://");
    }

    /** The content of a file, now. For the start only: it blocks. */
    static String file(String path) {
        try {
            Path file = Path.of(path);
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("must be a file of at most " + MAX_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (IOException | java.nio.file.InvalidPathException unreadable) {
            throw new IllegalArgumentException("must be a file that can be read, in UTF-8", unreadable);
        }
    }

    /** Whether everybody on the machine may read a file; false where files have no such rights. */
    static boolean isOpenToAll(String path) {
        try {
            return Files.getPosixFilePermissions(Path.of(path)).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** The content of a file, later. */
    static Future<String> fileLater(Vertx vertx, String path) {
        return vertx.executeBlocking(() -> file(path));
    }

    /** The client for {@link #get}. */
    static HttpClient client(Vertx vertx) {
        return vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) TIMEOUT.toMillis())
                .setIdleTimeout((int) TIMEOUT.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setDecompressionSupported(false)
                .setKeepAlive(false));
    }

    /** What a URL answers; redirects are not followed, they could lead anywhere. */
    static Future<String> get(HttpClient client, String url) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url)
                .setFollowRedirects(false)
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("Accept", "application/jwk-set+json, application/json");
        // Where it is sent: Vert.x drops what comes before somebody listens, and who asks may be slower than that.
        return client.request(request)
                .compose(sent -> sent.send().compose(KeySource::body))
                .timeout(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Future<String> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("status " + response.statusCode());
        }
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > MAX_BYTES) {
                response.request().reset();
            } else {
                body.appendBuffer(part);
            }
        });
        return response.end().map(end -> body.toString(StandardCharsets.UTF_8));
    }
}
