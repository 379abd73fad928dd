package dev.muster.node.cli;

import dev.muster.node.config.NodeOptions.Logging.Format;
import java.util.Locale;

/**
 * Chooses how the process logs. Before anything logs, so that the logging backend is not even loaded before; it reads
 * the properties in {@code muster-logback.xml}. Who names a configuration of his own has it his own way.
 */
final class Logs {

    private static final String CONFIGURATION = "logback.configurationFile";

    private Logs() {}

    /**
     * @param level of this project's own loggers, if {@code muster.log.level} is not set
     */
    static void configure(Format format, String level) {
        setUnlessSet("muster.log.format", format.name().toLowerCase(Locale.ROOT));
        setUnlessSet("muster.log.level", level);
        setUnlessSet(CONFIGURATION, "muster-logback.xml");
        setUnlessSet("hazelcast.logging.type", "slf4j");
        setUnlessSet("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
    }

    /** Nothing is logged, whoever might: for a command that tells its user itself what happens. */
    static void silence() {
        setUnlessSet("muster.log.libraries", "off");
        configure(Format.TEXT, "off");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
