package dev.muster.registry.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The scripts, each from a file of its own, which says what it does, takes and returns. */
enum Script {
    FENCE,
    ENTER,
    HEARTBEAT,
    SWEEP,
    BURY,
    RETIRE,
    REGISTER,
    UNREGISTER,
    USERS,
    SEND,
    JOIN,
    LEAVE,
    MEMBERS,
    GROUPS,
    PUBLISH,
    HEADS,
    READ,
    SNAPSHOT;

    private final String text;
    private final String sha;

    Script() {
        text = assemble();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            sha = HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Its source, with what it includes. */
    String text() {
        return text;
    }

    /** What the server calls it by once it is loaded. */
    String sha() {
        return sha;
    }

    private String assemble() {
        Matcher include = Pattern.compile("(?m)^--@include (\\w+)$").matcher(resource(name().toLowerCase(Locale.ROOT)));
        return include.replaceAll(found -> Matcher.quoteReplacement(resource(found.group(1))));
    }

    private static String resource(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("the script " + name + ".lua is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
