package dev.muster.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may see whom; the page on architecture in docs/ shows the same arrows. */
@AnalyzeClasses(packages = "dev.muster.node", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CONNECTION = "dev.muster.node.connection..";
    private static final String SESSION = "dev.muster.node.session..";
    private static final String DIRECTORY = "dev.muster.node.directory..";
    private static final String ROOM = "dev.muster.node.room..";
    private static final String PROTOCOL = "dev.muster.node.protocol..";
    private static final String TRANSPORT = "dev.muster.node.transport..";
    private static final String AUTH = "dev.muster.node.auth..";
    private static final String LIMIT = "dev.muster.node.limit..";
    private static final String OPS = "dev.muster.node.ops..";
    private static final String CONFIG = "dev.muster.node.config..";
    private static final String SCHEMA = "dev.muster.node.schema..";
    private static final String CODEC = "dev.muster.node.codec..";
    private static final String CLIENT = "dev.muster.node.cli.connect..";
    private static final String EVENT = "dev.muster.node.event..";
    private static final String SHAPE = "dev.muster.node.shape..";
    private static final String SYNC = "dev.muster.node.sync..";
    private static final String DEMO = "dev.muster.node.demo..";
    private static final String NODE = "dev.muster.node";

    @ArchTest
    static final ArchRule codecsKnowOnlyBytes = noClasses()
            .that()
            .resideInAPackage(CODEC)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CONNECTION,
                    DIRECTORY,
                    ROOM,
                    PROTOCOL,
                    TRANSPORT,
                    AUTH,
                    LIMIT,
                    OPS,
                    CONFIG,
                    NODE,
                    "dev.muster.registry..");

    @ArchTest
    static final ArchRule connectionsKnowNobody = noClasses()
            .that()
            .resideInAPackage(CONNECTION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DIRECTORY, ROOM, PROTOCOL, TRANSPORT, AUTH, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule roomsKnowNeitherWiresNorSockets = noClasses()
            .that()
            .resideInAPackage(ROOM)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DIRECTORY, SESSION, PROTOCOL, TRANSPORT, AUTH, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule sessionsKnowNoWires = noClasses()
            .that()
            .resideInAPackage(SESSION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, TRANSPORT, AUTH, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule protocolsKnowNoSockets = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TRANSPORT, AUTH, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule transportsKnowOnlyConnections = noClasses()
            .that()
            .resideInAPackage(TRANSPORT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DIRECTORY, ROOM, PROTOCOL, AUTH, LIMIT, OPS, CONFIG, NODE, "dev.muster.registry..");

    @ArchTest
    static final ArchRule authenticatorsKnowOnlyConnections = noClasses()
            .that()
            .resideInAPackage(AUTH)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DIRECTORY, ROOM, PROTOCOL, TRANSPORT, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule limitsKnowOnlySockets = noClasses()
            .that()
            .resideInAPackage(LIMIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DIRECTORY, ROOM, PROTOCOL, AUTH, OPS, CONFIG, NODE, "dev.muster.registry..");

    @ArchTest
    static final ArchRule theDirectoryKnowsNoProtocols = noClasses()
            .that()
            .resideInAPackage(DIRECTORY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, TRANSPORT, AUTH, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule theClientKnowsNothingOfAServer = noClasses()
            .that()
            .resideInAPackage(CLIENT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTION, DIRECTORY, ROOM, PROTOCOL, TRANSPORT, AUTH, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule schemasKnowNobody = noClasses()
            .that()
            .resideInAPackage(SCHEMA)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTION, DIRECTORY, ROOM, PROTOCOL, TRANSPORT, AUTH, LIMIT, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule eventsKnowOnlyConnections = noClasses()
            .that()
            .resideInAPackage(EVENT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DIRECTORY, ROOM, PROTOCOL, TRANSPORT, AUTH, OPS, CONFIG, NODE);

    @ArchTest
    static final ArchRule shapesKnowOnlyBytes = noClasses()
            .that()
            .resideInAPackage(SHAPE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CONNECTION,
                    DIRECTORY,
                    ROOM,
                    PROTOCOL,
                    TRANSPORT,
                    AUTH,
                    LIMIT,
                    OPS,
                    CONFIG,
                    EVENT,
                    SYNC,
                    NODE,
                    "dev.muster.registry..");

    @ArchTest
    static final ArchRule spacesKnowOnlyConnections = noClasses()
            .that()
            .resideInAPackage(SYNC)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DIRECTORY, ROOM, SESSION, PROTOCOL, TRANSPORT, AUTH, LIMIT, OPS, CONFIG, EVENT, NODE);

    /** As an application would. */
    @ArchTest
    static final ArchRule theDemoKnowsOnlySpaces = noClasses()
            .that()
            .resideInAPackage(DEMO)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CONNECTION,
                    DIRECTORY,
                    ROOM,
                    SESSION,
                    PROTOCOL,
                    TRANSPORT,
                    AUTH,
                    LIMIT,
                    OPS,
                    CONFIG,
                    EVENT,
                    CODEC,
                    NODE,
                    "dev.muster.registry..");

    @ArchTest
    static final ArchRule nobodyKnowsARegistry = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.muster.registry.mock..", "dev.muster.registry.redis..", "dev.muster.registry.hazelcast..");

    @ArchTest
    static final ArchRule oneProtocolKnowsNoOther =
            slices().matching("dev.muster.node.protocol.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.muster.node.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTransportsTouchSockets = noClasses()
            .that()
            .resideOutsideOfPackages(TRANSPORT, CLIENT)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.vertx\\.core\\.(http\\.(ServerWebSocket|HttpServer)|net\\.(NetSocket|NetServer))")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.handler..", "io.netty.channel.socket..");

    @ArchTest
    static final ArchRule namesSayWhatSomethingIs =
            classes().should().haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl|Abstract[A-Z]\\w*)");

    /** It comes with the packaged program only: who uses the node as a library logs with what they like. */
    @ArchTest
    static final ArchRule noLoggingBackendIsNeeded =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("ch.qos.logback..", "org.apache.logging..");
}
