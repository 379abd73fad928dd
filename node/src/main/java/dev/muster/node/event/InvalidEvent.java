package dev.muster.node.event;

import dev.muster.node.shape.Issue;
import java.util.List;
import java.util.stream.Collectors;

/** An event is not as it was declared. The issues may be told to whoever sent it. */
public final class InvalidEvent extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Issue> issues;

    /**
     * An event with something wrong.
     *
     * @param name of the event
     * @param issues what is wrong, at least one
     */
    public InvalidEvent(String name, List<Issue> issues) {
        super(
                name + ": "
                        + issues.stream()
                                .map(issue -> issue.path() + " " + issue.message())
                                .collect(Collectors.joining(", ")),
                null,
                false,
                false);
        this.issues = List.copyOf(issues);
    }

    /** What is wrong, one by one. */
    public List<Issue> issues() {
        return issues;
    }
}
