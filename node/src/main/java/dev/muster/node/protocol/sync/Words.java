package dev.muster.node.protocol.sync;

import dev.muster.node.sync.Status;
import dev.muster.node.sync.session.Answer;

/** Constants as they are on the wire: {@code NotFound} for {@code NOT_FOUND}. */
final class Words {

    private Words() {}

    static String of(Status status) {
        return status == Status.OK ? "Ok" : camel(status.name());
    }

    static String of(Answer.Outcome outcome) {
        return camel(outcome.name());
    }

    private static String camel(String constant) {
        StringBuilder word = new StringBuilder(constant.length());
        boolean upper = true;
        for (int i = 0; i < constant.length(); i++) {
            char next = constant.charAt(i);
            if (next == '_') {
                upper = true;
            } else {
                word.append(upper ? next : Character.toLowerCase(next));
                upper = false;
            }
        }
        return word.toString();
    }
}
