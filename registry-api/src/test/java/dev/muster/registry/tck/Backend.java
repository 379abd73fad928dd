package dev.muster.registry.tck;

/** Faults of whatever the nodes of a cluster share. All methods block until it is done. */
public interface Backend {

    /** What the backend still has after a restart. */
    enum Restart {
        /** All it had accepted. */
        KEEP,
        /** What it had at the last {@link Backend#checkpoint()}. */
        ROLLBACK,
        /** Nothing. */
        LOSE
    }

    /** A fixture whose registry has no backend apart from its nodes. */
    Backend NONE = new Backend() {};

    /** Marks the state to which a later {@link Restart#ROLLBACK} returns. */
    default void checkpoint() {
        throw new UnsupportedOperationException("this backend cannot be rolled back");
    }

    /** Ends it at once, as a crash does. */
    default void stop() {
        throw new UnsupportedOperationException("this backend cannot be stopped");
    }

    /** Starts it again, under the same address. */
    default void start(Restart with) {
        throw new UnsupportedOperationException("this backend cannot be started again");
    }

    /** Makes it stand still: it accepts and keeps connections but answers nothing. */
    default void pause() {
        throw new UnsupportedOperationException("this backend cannot be paused");
    }

    /** Ends {@link #pause()}. */
    default void resume() {
        throw new UnsupportedOperationException("this backend cannot be paused");
    }

    /** {@link #stop()}, then {@link #start}. */
    default void restart(Restart with) {
        stop();
        start(with);
    }
}
