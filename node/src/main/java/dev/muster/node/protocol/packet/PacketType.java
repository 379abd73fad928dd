package dev.muster.node.protocol.packet;

import dev.muster.node.codec.Fnv1a;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The packets that are known by name. A client may spell a type's path differently; then its hash names it. */
enum PacketType {
    /** A client says something: {@code {message: string}}. */
    USER_CHAT_MESSAGE("shared_types::UserChatMessage", 0xb6ac6aec622310edL),
    /** Somebody said something: {@code {name: string, message: string}}. Sent by the server only. */
    NEW_CHAT_MESSAGE("shared_types::NewChatMessage", 0xecf033d2569f80feL),
    /** A client of raw TCP says who it is: {@code {token: string}}. Its hash is the FNV-1a hash of its name. */
    AUTHENTICATE("muster::Authenticate", 0L),
    /** Text as it is, from an application that sends to connections whatever they speak: {@code {text: string}}. */
    TEXT("muster::Text", 0L),
    /** Entities and components, from a client. */
    SYNC_CLIENT_MESSAGE("eventwork_sync::messages::SyncClientMessage", 0xd5112cc65bc742e7L),
    /** Entities and components, from the server. */
    SYNC_SERVER_MESSAGE("eventwork_sync::messages::SyncServerMessage", 0x78cf513557792343L),
    /** A client wants an entity for itself. */
    CONTROL_REQUEST("eventwork_sync::control::ControlRequest", 0x86d5c173752f4341L),
    /** The answer to that. */
    CONTROL_RESPONSE("eventwork_sync::control::ControlResponse", 0x1f777d438d191f74L);

    private static final Map<ByteBuf, PacketType> BY_NAME = new HashMap<>();
    private static final Map<Long, PacketType> BY_HASH = new HashMap<>();

    static {
        for (PacketType type : values()) {
            BY_NAME.put(Unpooled.copiedBuffer(type.wireName, StandardCharsets.US_ASCII), type);
            BY_HASH.put(type.hash, type);
        }
    }

    private final String wireName;
    private final long hash;

    PacketType(String name, long hash) {
        this.wireName = name;
        this.hash = hash == 0 ? Fnv1a.of(name) : hash;
    }

    /**
     * The type of that name, else of that hash, else null.
     *
     * @param name compared byte by byte; no string is made of it
     */
    static @Nullable PacketType of(ByteBuf name, long hash) {
        PacketType named = BY_NAME.get(name);
        return named == null ? BY_HASH.get(hash) : named;
    }

    /** As on the wire, in ASCII. */
    String wireName() {
        return wireName;
    }

    /** As on the wire. */
    long hash() {
        return hash;
    }

    /** Whether it is about entities: who sends one of these first has not come for the room. */
    boolean isSync() {
        return this == SYNC_CLIENT_MESSAGE || this == CONTROL_REQUEST;
    }
}
