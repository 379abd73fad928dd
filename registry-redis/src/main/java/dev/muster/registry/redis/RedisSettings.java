package dev.muster.registry.redis;

import dev.muster.registry.Limits;
import dev.muster.registry.RegistryOption;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and how to get in.
 *
 * @param address host and port as they may be shown and logged, without user and password
 * @param connection what the client connects to: scheme, host, port and database
 * @param user the ACL user, or null for the server's default user
 * @param password or null
 * @param ca PEM file of the authorities to trust for TLS; null for those Java trusts
 * @param buckets how many buckets a new namespace gets; null to take what there is, or 1
 */
record RedisSettings(
        String address,
        String connection,
        @Nullable String user,
        @Nullable String password,
        @Nullable String ca,
        @Nullable Integer buckets) {

    static final String URL = "redis";
    static final String USER = "redis-user";
    static final String PASSWORD = "redis-password";
    static final String CA = "redis-ca";
    static final String BUCKETS = "redis-buckets";

    private static final String DEFAULT_URL = "redis://127.0.0.1:6379";
    private static final int DEFAULT_PORT = 6379;
    private static final int MAX_BUCKETS = 256;

    static final List<RegistryOption> OPTIONS = List.of(
            new RegistryOption(
                    URL,
                    "<url>",
                    "Redis server, redis://host:port/database or rediss:// for TLS; may name user and password.",
                    DEFAULT_URL,
                    "REDIS_URL",
                    true),
            new RegistryOption(USER, "<name>", "ACL user to log in as, if the URL names none.", null, null, false),
            new RegistryOption(PASSWORD, "<password>", "Password, if the URL has none.", null, "REDIS_PASSWORD", true),
            new RegistryOption(
                    CA,
                    "<file>",
                    "PEM file with the authorities to trust for rediss://, instead of those Java trusts.",
                    null,
                    null,
                    false),
            new RegistryOption(
                    BUCKETS,
                    "<n>",
                    "Parts a new namespace is split into, 1 to " + MAX_BUCKETS + "; an existing one keeps its own.",
                    "1",
                    null,
                    false));

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException naming the option and what is allowed; never with the password
     */
    static RedisSettings of(Map<String, String> options) {
        URI url = url(options.getOrDefault(URL, DEFAULT_URL));
        int port = url.getPort() == -1 ? DEFAULT_PORT : url.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("--redis must have a port of 1 to 65535, but has " + port);
        }
        String address = url.getHost() + ':' + port;
        String connection = url.getScheme() + "://" + address + database(url);
        String user = options.get(USER);
        String password = options.get(PASSWORD);
        String userInfo = url.getRawUserInfo();
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            String named = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
            user = named.isEmpty() ? user : named;
            password = colon < 0 ? password : decoded(userInfo.substring(colon + 1));
        }
        if (user != null && password == null) {
            throw new IllegalArgumentException(
                    "a Redis user needs a password: give --" + PASSWORD + " or put it into the URL of --" + URL);
        }
        String ca = options.get(CA);
        if (ca != null && !url.getScheme().equals("rediss")) {
            throw new IllegalArgumentException("--" + CA
                    + " needs a URL that begins with rediss://, but --redis begins with " + url.getScheme() + "://");
        }
        if (ca != null && !Files.isReadable(Path.of(ca))) {
            throw new IllegalArgumentException(
                    "--" + CA + " must name a PEM file that can be read, but is " + Limits.shown(ca));
        }
        return new RedisSettings(address, connection, user, password, ca, buckets(options.get(BUCKETS)));
    }

    boolean tls() {
        return connection.startsWith("rediss:");
    }

    private static URI url(String text) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException malformed) {
            // The message of the cause quotes the URL, password and all.
            throw new IllegalArgumentException(
                    "--redis must be a URL like redis://host:6379/0 with special characters of"
                            + " user and password percent-encoded, but it is malformed at index "
                            + malformed.getIndex());
        }
        String scheme = url.getScheme();
        if (scheme == null || !(scheme.equals("redis") || scheme.equals("rediss"))) {
            throw new IllegalArgumentException("--redis must begin with redis:// or rediss://, but begins with "
                    + (scheme == null || url.getHost() == null && !text.contains("//")
                            ? "neither"
                            : Limits.shown(scheme) + "://"));
        }
        if (url.getHost() == null) {
            throw new IllegalArgumentException("--redis must name a host, as in redis://host:6379, but names none"
                    + " (special characters of user and password have to be percent-encoded)");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "--redis takes no ?parameters and no #fragment: database, user and password"
                            + " go into redis://user:password@host:port/database");
        }
        return url;
    }

    private static String database(URI url) {
        String path = url.getRawPath();
        if (path == null || path.isEmpty() || path.equals("/")) {
            return "";
        }
        if (!path.matches("/\\d{1,5}")) {
            throw new IllegalArgumentException(
                    "--redis may end in the number of a database, as in /0, but ends in " + Limits.shown(path));
        }
        return path;
    }

    private static String decoded(String text) {
        try {
            // In the user part of a URL '+' is a plus sign.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "--redis has a malformed %-escape in its user or password; write a plain % as %25");
        }
    }

    private static @Nullable Integer buckets(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            int buckets = Integer.parseInt(text.strip());
            if (buckets >= 1 && buckets <= MAX_BUCKETS) {
                return buckets;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below.
        }
        throw new IllegalArgumentException(
                "--redis-buckets must be 1 to " + MAX_BUCKETS + ", but is " + Limits.shown(text));
    }

    /** Without user and password: this may be logged. */
    @Override
    public String toString() {
        return connection;
    }
}
