package dev.muster.registry.tck;

/** A node of a test: its name, its registry and what its registry told it. */
public final class TckNode {

    private final String name;

    TckNode(String name) {
        this.name = name;
    }

    /** The name it was started with. */
    public String name() {
        return name;
    }
}
