package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.RegistryTimings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The process behind a {@link ForkedHost}. The first line on standard input says which registry to make; each further
 * one is a call, answered by a line on standard output, where the listener's events go too. Ends with its input.
 */
public final class ForkedNode {

    /** Stands for a reason when the call itself threw. */
    static final String THROWN = "THROWN";

    private final ConnectionRegistry registry;
    private final PrintStream out;

    private ForkedNode(ConnectionRegistry registry, PrintStream out) {
        this.registry = registry;
        this.out = out;
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        // Whatever logs to standard output would break the protocol.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            ForkedNode node = new ForkedNode(create(new JsonObject(in.readLine())), out);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                node.call(new JsonObject(line));
            }
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private static ConnectionRegistry create(JsonObject spec) {
        String name = spec.getString("provider");
        RegistryProvider provider = ServiceLoader.load(RegistryProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no registry named " + name + " on the class path"));
        RegistryTimings timings = new RegistryTimings(
                Duration.ofMillis(spec.getLong("operationTimeout")),
                Duration.ofMillis(spec.getLong("lease")),
                Duration.ofMillis(spec.getLong("heartbeat")),
                Duration.ofMillis(spec.getLong("sweep")),
                Duration.ofMillis(spec.getLong("idleGroup")),
                Duration.ofMillis(spec.getLong("dedupe")));
        return provider.create(new RegistryContext(
                Vertx.vertx(),
                spec.getString("namespace"),
                spec.getString("nodeName"),
                Clock.systemUTC(),
                System::nanoTime,
                timings,
                spec.getInteger("maxPayload"),
                Wire.headers(spec.getJsonObject("options"))));
    }

    private void write(JsonObject line) {
        byte[] bytes = (line.encode() + '\n').getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            out.write(bytes, 0, bytes.length);
            out.flush();
        }
    }

    private void call(JsonObject line) {
        long call = line.getLong("call");
        try {
            perform(line.getString("operation"), line).onComplete(done -> {
                JsonObject answer = new JsonObject().put("call", call);
                if (done.succeeded()) {
                    write(answer.put("value", done.result()));
                } else {
                    write(answer.put("failure", reason(done.cause()))
                            .put("message", String.valueOf(done.cause().getMessage())));
                }
            });
        } catch (IllegalArgumentException | NullPointerException thrown) {
            write(new JsonObject()
                    .put("call", call)
                    .put("failure", THROWN)
                    .put("message", String.valueOf(thrown.getMessage())));
        }
    }

    /** A failure that the contract does not know is shown as what it is: the test then fails on it. */
    private static String reason(Throwable failure) {
        if (failure instanceof RegistryException known) {
            return known.reason().name();
        }
        failure.printStackTrace();
        return THROWN;
    }

    private Future<? extends @Nullable Object> perform(String operation, JsonObject line) {
        return switch (operation) {
            case "start" -> registry.start(new RemoteEvents(this::write));
            case "close" -> registry.close();
            case "self" -> Future.succeededFuture(registry.self().toString());
            case "nodes" ->
                Future.succeededFuture(new JsonArray(
                        registry.nodes().stream().map(NodeId::toString).toList()));
            case "register" -> registry.register(Wire.record(line.getJsonObject("record")));
            case "unregister" -> registry.unregister(line.getString("id"));
            case "locate" ->
                registry.locate(line.getString("id"))
                        .map(found -> found.map(Wire::record).orElse(null));
            case "connectionsOf" ->
                registry.connectionsOf(line.getString("user")).map(records -> Wire.array(records, Wire::record));
            case "connectionCount" -> registry.connectionCount();
            case "send" -> registry.send(line.getString("id"), Wire.bytes(line));
            case "publishAll" -> registry.publishAll(Wire.draft(line.getJsonObject("draft")));
            default -> performOnGroup(operation, line);
        };
    }

    private Future<? extends @Nullable Object> performOnGroup(String operation, JsonObject line) {
        String group = line.getString("group");
        String cursor = line.getString("cursor");
        return switch (operation) {
            case "watch" -> registry.watch(group).map(Position::toString);
            case "unwatch" -> registry.unwatch(group);
            case "join" ->
                registry.join(line.getString("id"), group, Wire.policy(line.getJsonObject("policy")))
                        .map(Position::toString);
            case "leave" -> registry.leave(line.getString("id"), group);
            case "members" ->
                registry.members(group, cursor, line.getInteger("limit")).map(page -> Wire.page(page, Wire::record));
            case "memberCount" -> registry.memberCount(group);
            case "groupsOf" ->
                registry.groupsOf(line.getString("id")).map(groups -> new JsonArray(List.copyOf(groups)));
            case "groups" ->
                registry.groups(cursor)
                        .map(page -> Wire.page(
                                page,
                                item -> new JsonObject()
                                        .put("group", item.group())
                                        .put("members", item.members())));
            case "publish" ->
                registry.publish(
                                group,
                                Wire.draft(line.getJsonObject("draft")),
                                Wire.policy(line.getJsonObject("policy")))
                        .map(Wire::published);
            case "read" ->
                registry.read(group, Position.parse(line.getString("after")), line.getInteger("limit"))
                        .map(Wire::slice);
            case "heads" ->
                registry.heads(line.getJsonArray("groups").stream()
                                .map(String.class::cast)
                                .toList())
                        .map(heads -> new JsonObject(heads.entrySet().stream()
                                .collect(Collectors.<java.util.Map.Entry<String, Position>, String, Object>toMap(
                                        java.util.Map.Entry::getKey,
                                        head -> head.getValue().toString()))));
            case "snapshot" -> registry.snapshot(group, cursor).map(Wire::snapshot);
            default -> throw new IllegalArgumentException("unknown operation " + operation);
        };
    }
}
