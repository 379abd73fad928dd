package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import dev.muster.registry.Slice;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The SPI's values as JSON, for the pipe between the kit and a forked node. */
final class Wire {

    private Wire() {}

    static @Nullable String position(@Nullable Position position) {
        return position == null ? null : position.toString();
    }

    static @Nullable Position position(@Nullable String text) {
        return text == null ? null : Position.parse(text);
    }

    static JsonObject record(ConnectionRecord record) {
        return new JsonObject()
                .put("id", record.connectionId())
                .put("node", record.node().toString())
                .put("transport", record.transport())
                .put("user", record.user())
                .put("clientId", record.clientId())
                .put("displayName", record.displayName())
                .put("connectedAt", record.connectedAt().toEpochMilli());
    }

    static ConnectionRecord record(JsonObject json) {
        return new ConnectionRecord(
                json.getString("id"),
                NodeId.parse(json.getString("node")),
                json.getString("transport"),
                json.getString("user"),
                json.getString("clientId"),
                json.getString("displayName"),
                Instant.ofEpochMilli(json.getLong("connectedAt")));
    }

    static JsonObject draft(Draft draft) {
        JsonObject json = new JsonObject()
                .put("sender", draft.sender())
                .put("type", draft.contentType().name())
                .put("payload", draft.payload())
                .put("headers", headers(draft.headers()))
                .put("fast", draft.fast())
                .put("messageId", draft.messageId());
        Draft.EntryChange change = draft.change();
        if (change != null) {
            json.put("key", change.key());
            json.put("remove", change.remove());
            json.put("expected", position(change.expected()));
        }
        return json;
    }

    static Draft draft(JsonObject json) {
        String key = json.getString("key");
        return new Draft(
                json.getString("sender"),
                ContentType.valueOf(json.getString("type")),
                json.getBuffer("payload"),
                headers(json.getJsonObject("headers")),
                json.getBoolean("fast"),
                json.getString("messageId"),
                key == null
                        ? null
                        : new Draft.EntryChange(key, json.getBoolean("remove"), position(json.getString("expected"))));
    }

    static JsonObject policy(GroupPolicy policy) {
        return new JsonObject()
                .put("count", policy.historyCount())
                .put("age", policy.historyAge().toMillis())
                .put("bytes", policy.historyBytes())
                .put("presence", policy.presence().name());
    }

    static GroupPolicy policy(JsonObject json) {
        return new GroupPolicy(
                json.getInteger("count"),
                Duration.ofMillis(json.getLong("age")),
                json.getLong("bytes"),
                GroupPolicy.Presence.valueOf(json.getString("presence")));
    }

    static JsonObject publication(Publication publication) {
        ConnectionRecord member = publication.member();
        return new JsonObject()
                .put("kind", publication.kind().name())
                .put("position", position(publication.position()))
                .put("timestamp", publication.timestamp())
                .put("sender", publication.sender())
                .put("type", publication.contentType().name())
                .put("payload", publication.payload())
                .put("headers", headers(publication.headers()))
                .put("key", publication.key())
                .put("member", member == null ? null : record(member));
    }

    static Publication publication(JsonObject json) {
        JsonObject member = json.getJsonObject("member");
        return new Publication(
                Publication.Kind.valueOf(json.getString("kind")),
                position(json.getString("position")),
                json.getLong("timestamp"),
                json.getString("sender"),
                ContentType.valueOf(json.getString("type")),
                json.getBuffer("payload"),
                headers(json.getJsonObject("headers")),
                json.getString("key"),
                member == null ? null : record(member));
    }

    static JsonObject published(Published published) {
        return new JsonObject().put("position", position(published.position())).put("duplicate", published.duplicate());
    }

    static Published published(JsonObject json) {
        return new Published(position(json.getString("position")), json.getBoolean("duplicate"));
    }

    static JsonObject slice(Slice slice) {
        return new JsonObject()
                .put("publications", array(slice.publications(), Wire::publication))
                .put("through", slice.through().toString())
                .put("head", slice.head().toString())
                .put("messages", slice.messages().name())
                .put("memberships", slice.memberships().name());
    }

    static Slice slice(JsonObject json) {
        return new Slice(
                list(json.getJsonArray("publications"), Wire::publication),
                Position.parse(json.getString("through")),
                Position.parse(json.getString("head")),
                Slice.Completeness.valueOf(json.getString("messages")),
                Slice.Completeness.valueOf(json.getString("memberships")));
    }

    static JsonObject snapshot(SnapshotPage page) {
        return new JsonObject()
                .put("base", page.base().toString())
                .put("entries", array(page.entries(), Wire::entry))
                .put("next", page.next());
    }

    static SnapshotPage snapshot(JsonObject json) {
        return new SnapshotPage(
                Position.parse(json.getString("base")),
                list(json.getJsonArray("entries"), Wire::entry),
                json.getString("next"));
    }

    private static JsonObject entry(SnapshotPage.Entry entry) {
        return new JsonObject()
                .put("key", entry.key())
                .put("value", entry.value())
                .put("revision", entry.revision().toString());
    }

    private static SnapshotPage.Entry entry(JsonObject json) {
        return new SnapshotPage.Entry(
                json.getString("key"), json.getBuffer("value"), Position.parse(json.getString("revision")));
    }

    static <T> JsonObject page(Page<T> page, Function<T, JsonObject> item) {
        return new JsonObject().put("items", array(page.items(), item)).put("next", page.next());
    }

    static <T> Page<T> page(JsonObject json, Function<JsonObject, T> item) {
        return new Page<>(list(json.getJsonArray("items"), item), json.getString("next"));
    }

    static <T> JsonArray array(List<T> items, Function<T, JsonObject> item) {
        JsonArray array = new JsonArray();
        items.forEach(each -> array.add(item.apply(each)));
        return array;
    }

    static <T> List<T> list(JsonArray array, Function<JsonObject, T> item) {
        return array.stream().map(each -> item.apply((JsonObject) each)).toList();
    }

    static JsonObject headers(Map<String, String> headers) {
        return new JsonObject(new LinkedHashMap<>(headers));
    }

    static Map<String, String> headers(JsonObject json) {
        Map<String, String> headers = new LinkedHashMap<>();
        json.forEach(each -> headers.put(each.getKey(), (String) each.getValue()));
        return headers;
    }

    static Buffer bytes(JsonObject json) {
        return json.getBuffer("payload");
    }
}
