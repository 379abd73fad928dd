package dev.muster.node.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs that tests need and that not every machine has. CI must have them: there, a test that cannot run fails. */
final class Requirement {

    private Requirement() {}

    /** The first of {@code places} that is there; else the test ends here. */
    static Path program(String name, List<String> places) {
        for (String place : places) {
            if (Files.isExecutable(Path.of(place))) {
                return Path.of(place);
            }
        }
        String sentence = "did not run, because " + name + " is not installed";
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            return Assertions.fail(sentence);
        }
        return Assumptions.abort(sentence);
    }
}
