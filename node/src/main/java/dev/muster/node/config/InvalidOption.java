package dev.muster.node.config;

/**
 * An option has a value it cannot have, or two do not go together. The message is one sentence that begins with the
 * option and says what is allowed.
 */
public final class InvalidOption extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String option;
    private final String complaint;
    private final boolean called;

    /**
     * @param option the option's name, as in a configuration file
     * @param complaint the rest of the sentence, such as {@code must be 0 to 65535, but is 70000}
     */
    public InvalidOption(String option, String complaint) {
        this(option, option, complaint, false);
    }

    private InvalidOption(String option, String label, String complaint, boolean called) {
        super(complaint.isEmpty() ? label : label + " " + complaint);
        this.option = option;
        this.complaint = complaint;
        this.called = called;
    }

    /** What a registry complained of, whose own options only it can judge. */
    public static InvalidOption of(IllegalArgumentException complaint) {
        if (complaint instanceof InvalidOption already) {
            return already;
        }
        String sentence = String.valueOf(complaint.getMessage());
        return new InvalidOption("", sentence, "", true);
    }

    /** The option's name. */
    public String option() {
        return option;
    }

    /** The same with the option called what its user called it: {@code --port}, {@code PORT}. The first name stays. */
    InvalidOption calling(String label) {
        return called ? this : new InvalidOption(option, label, complaint, true);
    }
}
