package dev.muster.node.sync.session;

/** One client's share in a {@link Shape}. On the space's loop. */
final class Subscription {

    private final SyncSession session;
    private final Shape shape;
    private final Debt debt;
    private boolean admitted;
    private boolean answered;
    private boolean goesOn;

    Subscription(SyncSession session, Shape shape) {
        this.session = session;
        this.shape = shape;
        this.debt = new Debt(shape);
    }

    SyncSession session() {
        return session;
    }

    Shape shape() {
        return shape;
    }

    Debt debt() {
        return debt;
    }

    /** Whether the client has all but what this tick brings. */
    boolean isUpToDate() {
        return answered && debt.isEmpty();
    }

    /** Whether it is told of ticks: the first that it hears of is the one after its snapshot. */
    boolean isAdmitted() {
        return admitted;
    }

    /** From here on it hears of its shape's ticks. */
    void admit() {
        admitted = true;
        shape.subscriptions().add(this);
    }

    /** Whether its first batch is on its way; until then nothing is owed, for its snapshot will have it. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether the last batch of its snapshot said that there is more. */
    boolean goesOn() {
        return goesOn;
    }

    /** Another batch of its snapshot is on its way. */
    void goesOn(boolean more) {
        goesOn = more;
    }

    /** Its turn has come: begins with what there is now. So a client has at most one list of what is still to tell. */
    void begin(Snapshot snapshot) {
        answered = true;
        debt.beginWith(snapshot);
    }
}
