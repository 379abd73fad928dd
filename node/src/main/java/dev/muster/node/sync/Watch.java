package dev.muster.node.sync;

/** That somebody listens. */
@FunctionalInterface
public interface Watch {

    /** No more of it. Idempotent, from any thread; what is under way may still come. */
    void end();
}
