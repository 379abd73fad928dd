package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client is told once, to what it asked; batches are not among it. */
public sealed interface Answer {

    /** {@link Status#OK}, or what kind of refusal it is. */
    Status status();

    /**
     * To {@link Request.Mutate}.
     *
     * @param entity which it was; the new one where one was to be spawned; null if there is none
     * @param revision of the component now; null if nothing was changed
     * @param message what was wrong; null if nothing was
     */
    record Mutated(
            @Nullable Long requestId,
            Status status,
            @Nullable Entity entity,
            @Nullable Long revision,
            @Nullable String message)
            implements Answer {}

    /**
     * To {@link Request.Query}.
     *
     * @param rows each is JSON; null if there is an error
     * @param error what was wrong; null if nothing was
     */
    record Rows(
            long queryId,
            Status status,
            @Nullable List<String> rows,
            @Nullable String error) implements Answer {}

    /**
     * To {@link Request.Take} and {@link Request.Release}.
     *
     * @param by who has it, as a number of 32 bits; 0 unless {@link Outcome#ALREADY_CONTROLLED}
     * @param message what was wrong; null unless {@link Outcome#ERROR}
     */
    record Controlled(
            @Nullable Long requestId,
            Outcome outcome,
            int by,
            @Nullable String message) implements Answer {
        @Override
        public Status status() {
            return switch (outcome) {
                case TAKEN, RELEASED -> Status.OK;
                case ALREADY_CONTROLLED -> Status.FORBIDDEN;
                case NOT_CONTROLLED -> Status.NOT_FOUND;
                case ERROR -> Status.VALIDATION_ERROR;
            };
        }
    }

    /** How a request to have an entity ended. */
    enum Outcome {
        TAKEN(0),
        RELEASED(1),
        ALREADY_CONTROLLED(2),
        NOT_CONTROLLED(3),
        ERROR(4);

        private final int number;

        Outcome(int number) {
            this.number = number;
        }

        /** On wires that number it. */
        public int number() {
            return number;
        }
    }

    /** To a subscription that is none. */
    record Refused(@Nullable Long subscriptionId, Status status, String message) implements Answer {}
}
