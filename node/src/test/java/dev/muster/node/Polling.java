package dev.muster.node;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How often tests look whether what they wait for has come: at once, then each 10 ms, for 20 s. Most of it comes within a
 * millisecond, and with the 100 ms that are usual the thousands of waits of the matrix are most of its time.
 */
public final class Polling implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }
}
