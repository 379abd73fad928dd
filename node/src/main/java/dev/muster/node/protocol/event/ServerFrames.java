package dev.muster.node.protocol.event;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.protocol.Json;
import dev.muster.node.room.Sender;
import dev.muster.node.shape.Issue;
import dev.muster.registry.ConnectionRecord;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The frames that the server sends. */
final class ServerFrames {

    private ServerFrames() {}

    /**
     * An event.
     *
     * @param channel the name the client knows it by
     * @param messageId unique
     * @param source what its sender called it; null if there is nothing to say
     */
    static ByteBuf event(String channel, String messageId, @Nullable String source, Json.Members payload) {
        return Json.object(json -> {
            json.writeStringField("type", "message");
            json.writeStringField("channel", channel);
            json.writeObjectFieldStart("payload");
            payload.write(json);
            json.writeEndObject();
            end(json, channel, messageId, source);
        });
    }

    /** An event whose payload is JSON already. */
    static ByteBuf event(String channel, String messageId, String payload) {
        return Json.object(json -> {
            json.writeStringField("type", "message");
            json.writeStringField("channel", channel);
            json.writeFieldName("payload");
            json.writeRawValue(payload);
            end(json, channel, messageId, null);
        });
    }

    private static void end(JsonGenerator json, String channel, String messageId, @Nullable String source)
            throws IOException {
        json.writeStringField("messageId", messageId);
        json.writeObjectFieldStart("metadata");
        json.writeStringField("eventName", channel);
        if (source != null) {
            json.writeStringField("source", source);
        }
        json.writeEndObject();
    }

    /** A new id. */
    static String id() {
        return UUID.randomUUID().toString();
    }

    /** An event that comes without a subscription. */
    static String text(String channel, Json.Members payload) {
        ByteBuf frame = event(channel, id(), null, payload);
        try {
            return frame.toString(StandardCharsets.UTF_8);
        } finally {
            frame.release();
        }
    }

    /** Who is in a room: those with a name, and how many there are in all. */
    static String members(List<ConnectionRecord> all) {
        return text(Channels.MEMBERS, json -> {
            json.writeArrayFieldStart("members");
            for (ConnectionRecord member : all) {
                Sender who = Sender.of(member);
                if (who.isNamed()) {
                    json.writeStartObject();
                    json.writeStringField("userId", who.user() == null ? who.connectionId() : who.user());
                    json.writeStringField("username", who.displayName());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeNumberField("total", all.size());
        });
    }

    /**
     * What was wrong.
     *
     * @param code for programs
     * @param message for people
     * @param refused what the client called what was refused; null if it gave it no name
     */
    static String error(String code, String message, List<Issue> issues, @Nullable String refused) {
        return text(Channels.ERROR, json -> {
            json.writeStringField("code", code);
            json.writeStringField("message", message);
            json.writeArrayFieldStart("issues");
            for (Issue issue : issues) {
                json.writeStartObject();
                json.writeStringField("path", issue.path());
                json.writeStringField("message", issue.message());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (refused != null) {
                json.writeStringField("messageId", refused);
            }
        });
    }
}
