package dev.muster.node.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a request is not granted, as HTTP says it. The message goes to the client: it never holds a secret. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<Detail> details;

    /**
     * One thing that was wrong.
     *
     * @param field which parameter, header or part of the path
     * @param message what is allowed
     */
    public record Detail(String field, String message) {}

    /** A refusal without details. */
    public Refusal(int status, String message) {
        this(status, message, List.of());
    }

    /**
     * A refusal that says what was wrong.
     *
     * @param status 400 to 599
     * @param message lower-case text for people
     */
    public Refusal(int status, String message, List<Detail> details) {
        super(message, null, false, false);
        this.status = status;
        this.details = List.copyOf(details);
    }

    /** 400 about one field. */
    public static Refusal badRequest(String field, String allowed) {
        return new Refusal(400, "bad request", List.of(new Detail(field, allowed)));
    }

    /** 401. The reason is not told to the client beyond {@code message}. */
    public static Refusal unauthorized(@Nullable String message) {
        return new Refusal(401, message == null ? "unauthorized" : message);
    }

    /** 401 about one field, where saying why helps the honest and nobody else. */
    public static Refusal unauthorized(String field, String reason) {
        return new Refusal(401, "unauthorized", List.of(new Detail(field, reason)));
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What was wrong, one by one; may be empty. */
    public List<Detail> details() {
        return details;
    }
}
