package dev.muster.node.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Names for nodes that were given none. */
final class NodeNames {

    private static final int MAX_HOST = 40;
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private NodeNames() {}

    /**
     * Host name and port, so that people recognise it, and four random letters: a node that is started again after a
     * crash must not wait until the lease of the dead one has run out.
     */
    static String fresh(int port) {
        SecureRandom random = new SecureRandom();
        StringBuilder name = new StringBuilder(host());
        if (port != 0) {
            name.append('-').append(port);
        }
        name.append('-');
        for (int i = 0; i < 4; i++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }

    /** What the machine calls itself, without asking a name server. */
    private static String host() {
        String host = System.getenv("HOSTNAME");
        if (host == null || host.isBlank()) {
            host = System.getenv("COMPUTERNAME");
        }
        if (host == null || host.isBlank()) {
            try {
                host = Files.readString(Path.of("/etc/hostname"));
            } catch (IOException | SecurityException unknown) {
                host = "node";
            }
        }
        String legal = host.strip().replaceAll("[^A-Za-z0-9._-]", "-");
        return legal.isEmpty() ? "node" : legal.substring(0, Math.min(MAX_HOST, legal.length()));
    }
}
