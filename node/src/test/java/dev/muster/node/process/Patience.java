package dev.muster.node.process;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must happen; a loaded machine gets there too, a broken program never. */
final class Patience {

    static final Duration LONG = Duration.ofSeconds(60);

    private Patience() {}

    static ConditionFactory await(String what) {
        return await(what, LONG);
    }

    static ConditionFactory await(String what, Duration atMost) {
        return Awaitility.await(what).atMost(atMost).pollInterval(Duration.ofMillis(20));
    }
}
