package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.MutationPolicy;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Position;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything wrong that a client can ask of a space, each with the answer that it gets. Nothing of it is done, not even in
 * part, and nobody else is told of anything.
 */
class SyncTableTest {

    private static Cluster cluster;
    private static SyncClient client;
    private static SyncClient watcher;
    private static String mine;
    private static String child;
    private static String foreign;

    @BeforeAll
    static void start() {
        Sync sync = Sync.builder()
                .position(Position.class, at -> new Sync.Point(at.x(), at.y(), at.z()))
                .mutations(SyncTableTest::allows)
                .build();
        cluster = new Cluster(Backend.MEMORY, 2, node -> node.sync(sync));
        client = new SyncClient(cluster.open(0, "/ws/sync?user_id=ann", null));
        mine = client.spawn("Name", new JsonObject().put("name", "mine"));
        child = client.spawn("Parent", new JsonObject().put("parent", mine));
        foreign = client.spawn("Name", new JsonObject().put("name", "foreign"));
        assertThat(client.mutate(foreign, "Owner", new JsonObject().put("user", "bob"))
                        .getString("status"))
                .isEqualTo("Ok");
        // What a node has changed it reads: the watcher is told of all of it at once.
        Client.get(cluster.node(0).space("world").exists(new Entity(Long.parseUnsignedLong(foreign))));
        watcher = new SyncClient(cluster.open(0, "/ws/sync?user_id=eve", null)).subscribe(1, "*", null);
        watcher.nextOf("batch");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** What has an owner is for the owner. */
    private static boolean allows(MutationPolicy.Mutation mutation) {
        Owner owner = mutation.state() == null ? null : mutation.state().component(Owner.class);
        return owner == null || owner.user().equals(mutation.identity().userId());
    }

    private static Arguments row(String frame, String answer, String status, String message) {
        return Arguments.of(frame, answer, status, message);
    }

    private static String mutate(String entity, String rest) {
        return "{'type':'mutate','requestId':1,'entity':'" + entity + "'," + rest + "}";
    }

    static Stream<Arguments> mutations() {
        String long64k = "x".repeat(70_000);
        return Stream.of(
                row(mutate("MINE", "'component':'Nothing','value':{}"), "mutationResponse", "NotFound", "Nothing"),
                row(mutate("MINE", "'component':'name','value':{'name':'x'}"), "mutationResponse", "NotFound", "name"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':5}"),
                        "mutationResponse",
                        "ValidationError",
                        "name must be a string"),
                row(
                        mutate("MINE", "'component':'Name','value':{}"),
                        "mutationResponse",
                        "ValidationError",
                        "name is required"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':null}"),
                        "mutationResponse",
                        "ValidationError",
                        "name"),
                row(mutate("MINE", "'component':'Name','value':[]"), "mutationResponse", "ValidationError", "object"),
                row(mutate("MINE", "'component':'Name','value':'x'"), "mutationResponse", "ValidationError", "object"),
                row(mutate("MINE", "'component':'Name','value':null"), "mutationResponse", "ValidationError", "object"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':'" + "x".repeat(201) + "'}"),
                        "mutationResponse",
                        "ValidationError",
                        "at most 200"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':'\\ud800'}"),
                        "mutationResponse",
                        "ValidationError",
                        "Unicode"),
                row(
                        mutate("MINE", "'component':'Position','value':{'x':'1','y':2,'z':3}"),
                        "mutationResponse",
                        "ValidationError",
                        "x must"),
                row(
                        mutate("MINE", "'component':'Position','value':{'x':1e999,'y':2,'z':3}"),
                        "mutationResponse",
                        "ValidationError",
                        "x must"),
                row(
                        mutate("MINE", "'component':'Tags','value':{'tags':['" + long64k + "']}"),
                        "mutationResponse",
                        "ValidationError",
                        "at most 65536 bytes"),
                row(mutate("MINE", "'component':'Name'"), "mutationResponse", "ValidationError", "value or patch"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':'x'},'patch':{}"),
                        "mutationResponse",
                        "ValidationError",
                        "not both"),
                row(
                        mutate("MINE", "'value':{'name':'x'}"),
                        "mutationResponse",
                        "ValidationError",
                        "component must be a text"),
                row(
                        mutate("MINE", "'component':7,'value':{'name':'x'}"),
                        "mutationResponse",
                        "ValidationError",
                        "component must be a text"),
                row(
                        mutate("MINE", "'component':'','value':{'name':'x'}"),
                        "mutationResponse",
                        "ValidationError",
                        "component must not be empty"),
                row(
                        mutate("MINE", "'component':'Name','patch':5"),
                        "mutationResponse",
                        "ValidationError",
                        "patch must be an object"),
                row(
                        mutate("MINE", "'component':'Name','patch':{'name':5}"),
                        "mutationResponse",
                        "ValidationError",
                        "name must be a string"),
                row(
                        mutate("MINE", "'component':'Name','patch':{'name':null}"),
                        "mutationResponse",
                        "ValidationError",
                        "name is required"),
                row(
                        mutate("MINE", "'component':'Tags','patch':{'tags':[]}"),
                        "mutationResponse",
                        "NotFound",
                        "has no Tags"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':'x'},'expectedRevision':0"),
                        "mutationResponse",
                        "Conflict",
                        "revision"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':'x'},'expectedRevision':99999"),
                        "mutationResponse",
                        "Conflict",
                        "revision"),
                row(
                        mutate("MINE", "'component':'Name','patch':{'name':'x'},'expectedRevision':1"),
                        "mutationResponse",
                        "Conflict",
                        "revision"),
                row(
                        mutate("MINE", "'component':'Tags','value':{'tags':[]},'expectedRevision':1"),
                        "mutationResponse",
                        "Conflict",
                        "revision"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':'x'},'expectedRevision':-1"),
                        "mutationResponse",
                        "ValidationError",
                        "expectedRevision must be"),
                row(
                        mutate("MINE", "'component':'Name','value':{'name':'x'},'expectedRevision':'1'"),
                        "mutationResponse",
                        "ValidationError",
                        "expectedRevision must be"),
                row(
                        mutate("MINE", "'component':'EntityControl','value':{'holder':'x','client':1,'renewed':1}"),
                        "mutationResponse",
                        "Forbidden",
                        "taking and releasing"),
                row(
                        mutate("17", "'component':'Name','value':{'name':'x'}"),
                        "mutationResponse",
                        "NotFound",
                        "there is no entity 17"),
                row(
                        mutate("-1", "'component':'Name','value':{'name':'x'}"),
                        "mutationResponse",
                        "ValidationError",
                        "entity must be a decimal number"),
                row(
                        mutate("18446744073709551616", "'component':'Name','value':{'name':'x'}"),
                        "mutationResponse",
                        "ValidationError",
                        "entity must be"),
                row(
                        "{'type':'mutate','requestId':1,'entity':5,'component':'Name','value':{'name':'x'}}",
                        "mutationResponse",
                        "ValidationError",
                        "entity must be"),
                row(
                        "{'type':'mutate','requestId':1,'component':'Name','value':{'name':'x'}}",
                        "mutationResponse",
                        "ValidationError",
                        "entity must be"),
                row(
                        mutate("FOREIGN", "'component':'Name','value':{'name':'x'}"),
                        "mutationResponse",
                        "Forbidden",
                        "not allowed"),
                row(
                        mutate("FOREIGN", "'component':'Owner','value':{'user':'ann'}"),
                        "mutationResponse",
                        "Forbidden",
                        "not allowed"),
                row(
                        mutate("FOREIGN", "'component':'Name','patch':{'name':'x'}"),
                        "mutationResponse",
                        "Forbidden",
                        "not allowed"),
                row(
                        "{'type':'despawn','requestId':1,'entity':'FOREIGN'}",
                        "mutationResponse",
                        "Forbidden",
                        "not allowed"),
                row(
                        "{'type':'remove','requestId':1,'entity':'FOREIGN','component':'Name'}",
                        "mutationResponse",
                        "Forbidden",
                        "not allowed"),
                row("{'type':'take','requestId':1,'entity':'FOREIGN'}", "control", "Error", "not allowed"),
                row(
                        "{'type':'despawn','requestId':1,'entity':'17'}",
                        "mutationResponse",
                        "NotFound",
                        "there is no entity 17"),
                row(
                        "{'type':'remove','requestId':1,'entity':'MINE','component':'Tags'}",
                        "mutationResponse",
                        "NotFound",
                        "has no Tags"),
                row(
                        "{'type':'remove','requestId':1,'entity':'MINE','component':'EntityControl'}",
                        "mutationResponse",
                        "Forbidden",
                        "taking"),
                row(
                        "{'type':'despawn','requestId':1,'entity':'18446744073709551615'}",
                        "mutationResponse",
                        "ValidationError",
                        "entity must be one that exists"),
                row("{'type':'take','requestId':1,'entity':'17'}", "control", "Error", "there is no entity 17"),
                row("{'type':'take','requestId':1}", "control", "Error", "entity must be"),
                row("{'type':'release','requestId':1,'entity':'MINE'}", "control", "NotControlled", null),
                row(
                        mutate("MINE", "'component':'Parent','value':{'parent':'17'}"),
                        "mutationResponse",
                        "ValidationError",
                        "there is no entity 17"),
                row(
                        mutate("MINE", "'component':'Parent','value':{'parent':'MINE'}"),
                        "mutationResponse",
                        "ValidationError",
                        "itself"),
                row(
                        mutate("MINE", "'component':'Parent','value':{'parent':'CHILD'}"),
                        "mutationResponse",
                        "ValidationError",
                        "descendant"),
                row(
                        mutate("18446744073709551615", "'component':'Parent','value':{'parent':'17'}"),
                        "mutationResponse",
                        "ValidationError",
                        "there is no entity 17"),
                row(
                        mutate("18446744073709551615", "'component':'Name','patch':{}"),
                        "mutationResponse",
                        "ValidationError",
                        "spawned with the value"),
                row(
                        mutate("18446744073709551615", "'component':'Name','value':{}"),
                        "mutationResponse",
                        "ValidationError",
                        "name is required"),
                row(
                        mutate("18446744073709551615", "'component':'Nothing','value':{}"),
                        "mutationResponse",
                        "NotFound",
                        "Nothing"));
    }

    static Stream<Arguments> others() {
        String subscribe = "{'type':'subscribe','subscriptionId':8,'component':'Name'";
        return Stream.of(
                row("{'type':'subscribe','component':'Name'}", "ERROR", "invalid_message", "subscriptionId must be"),
                row(
                        "{'type':'subscribe','subscriptionId':-1,'component':'Name'}",
                        "ERROR",
                        "invalid_message",
                        "subscriptionId must be"),
                row(
                        "{'type':'subscribe','subscriptionId':1.5,'component':'Name'}",
                        "ERROR",
                        "invalid_message",
                        "subscriptionId must be"),
                row(
                        "{'type':'subscribe','subscriptionId':18446744073709551616,'component':'Name'}",
                        "ERROR",
                        "invalid_message",
                        "subscriptionId must be"),
                row("{'type':'subscribe','subscriptionId':8,'component':'Nothing'}", "error", "NotFound", "Nothing"),
                row("{'type':'subscribe','subscriptionId':8}", "error", "InvalidParams", "component must be a text"),
                row(subscribe + ",'entity':5}", "error", "InvalidParams", "entity must be"),
                row(subscribe + ",'entity':'x'}", "error", "InvalidParams", "entity must be"),
                row(subscribe + ",'filter':5}", "error", "InvalidParams", "filter must have"),
                row(subscribe + ",'filter':{}}", "error", "InvalidParams", "filter must have"),
                row(subscribe + ",'filter':{'colour':'red'}}", "error", "InvalidParams", "colour"),
                row(subscribe + ",'filter':{'owner':5}}", "error", "InvalidParams", "filter.owner must be"),
                row(subscribe + ",'filter':{'tag':''}}", "error", "InvalidParams", "filter.tag must be"),
                row(subscribe + ",'filter':{'region':{}}}", "error", "InvalidParams", "filter.region must have"),
                row(
                        subscribe + ",'filter':{'region':{'center':{'x':1},'radius':-1}}}",
                        "error",
                        "InvalidParams",
                        "radius must not be negative"),
                row(
                        subscribe + ",'filter':{'region':{'center':{'x':'1'},'radius':1}}}",
                        "error",
                        "InvalidParams",
                        "center.x must be a number"),
                row(
                        subscribe + ",'filter':{'region':{'center':[1],'radius':1}}}",
                        "error",
                        "InvalidParams",
                        "center must be an object"),
                row(
                        subscribe + ",'filter':{'region':{'min':{'w':1},'max':{}}}}",
                        "error",
                        "InvalidParams",
                        "min must be an object"),
                row("{'type':'unsubscribe','subscriptionId':77}", "error", "NotFound", "77"),
                row("{'type':'unsubscribe'}", "ERROR", "invalid_message", "subscriptionId must be"),
                row("{'type':'query','queryId':1,'namespace':'nowhere'}", "queryResponse", "NotFound", "entities"),
                row("{'type':'query','queryId':1}", "queryResponse", "InvalidParams", "namespace must be a text"),
                row("{'type':'query','namespace':'entities'}", "ERROR", "invalid_message", "queryId must be"),
                row(
                        "{'type':'query','queryId':1,'namespace':'entities','mode':'Often'}",
                        "queryResponse",
                        "InvalidParams",
                        "mode must be"),
                row(
                        "{'type':'query','queryId':1,'namespace':'entities','params':5}",
                        "queryResponse",
                        "InvalidParams",
                        "params must be an object"),
                row(
                        "{'type':'query','queryId':1,'namespace':'entities','params':{'x':1}}",
                        "queryResponse",
                        "InvalidParams",
                        "components, limit, where, without"),
                row(
                        "{'type':'query','queryId':1,'namespace':'entities','params':{'components':['Nothing']}}",
                        "queryResponse",
                        "InvalidParams",
                        "components must name"),
                row(
                        "{'type':'query','queryId':1,'namespace':'entities','params':{'components':'Name'}}",
                        "queryResponse",
                        "InvalidParams",
                        "components must be an array"),
                row(
                        "{'type':'query','queryId':1,'namespace':'entities','params':{'limit':0}}",
                        "queryResponse",
                        "InvalidParams",
                        "limit must be"),
                row(
                        "{'type':'query','queryId':1,'namespace':'entities','params':{'where':[]}}",
                        "queryResponse",
                        "InvalidParams",
                        "where must be"),
                row("{'type':'batch','items':[]}", "ERROR", "unknown_type", "type must be"),
                row("{}", "ERROR", "unknown_type", "type must be"),
                row("{'type':5}", "ERROR", "unknown_type", "type must be"),
                row("[]", "ERROR", "bad_frame", "object"),
                row("{} {}", "ERROR", "bad_frame", "nothing behind"),
                row("{'type':", "ERROR", "bad_frame", "JSON"),
                row("{'type':'subscribe','subscriptionId':" + "9".repeat(2_000) + "}", "ERROR", "bad_frame", "JSON"),
                row("{'value':" + "[".repeat(2_000) + "}", "ERROR", "bad_frame", "JSON"),
                row("hello", "ERROR", "bad_frame", "JSON"));
    }

    @ParameterizedTest(name = "{1} {2}: {3}")
    @DisplayName("is refused, and nothing of it is done")
    @MethodSource({"mutations", "others"})
    void refused(String frame, String type, String status, String message) {
        client.client()
                .say(frame.replace('\'', '"')
                        .replace("MINE", mine)
                        .replace("CHILD", child)
                        .replace("FOREIGN", foreign));
        JsonObject answer = client.next();
        assertThat(answer.getString("type")).as(answer.encode()).isEqualTo(type);
        String word = type.equals("ERROR") ? answer.getString("code") : answer.getString("status");
        assertThat(word).as(answer.encode()).isEqualTo(status);
        if (message != null) {
            assertThat(answer.getString("message", answer.getString("error"))).contains(message);
        }
        JsonObject marker = client.mutate(mine, "Tags", new JsonObject().put("tags", List.of("marker")));
        assertThat(marker.getString("status")).isEqualTo("Ok");
        assertThat(watcher.nextOf("batch").getJsonArray("items"))
                .singleElement()
                .satisfies(item ->
                        assertThat(((JsonObject) item).getString("component")).isEqualTo("Tags"));
        client.ask(new JsonObject().put("type", "remove").put("entity", mine).put("component", "Tags"));
        assertThat(watcher.nextOf("batch").getJsonArray("items")).hasSize(1);
    }

    @Test
    @DisplayName("what is just right is taken")
    void limits() {
        SyncClient other = new SyncClient(cluster.open(1, "/ws/sync", null));
        String entity = other.spawn("Name", new JsonObject().put("name", "x".repeat(200)));
        assertThat(other.mutate(entity, "Tags", new JsonObject().put("tags", List.of("x".repeat(65_000))))
                        .getString("status"))
                .isEqualTo("Ok");
        assertThat(other.despawn(entity).getString("status")).isEqualTo("Ok");
        watcher.item("entityRemoved", entity, null);
        other.client().close();
    }

    @Test
    @DisplayName("bytes are no frames here, and a space that is not there is refused before the upgrade")
    void doors() {
        SyncClient other = new SyncClient(cluster.open(1, "/ws/sync?space=world", null));
        other.client().say(new byte[] {1});
        assertThat(other.next().getString("code")).isEqualTo("bad_frame");
        other.client().close();
        assertThat(cluster.get(0, "/ws/sync").statusCode()).isEqualTo(400);
    }
}
