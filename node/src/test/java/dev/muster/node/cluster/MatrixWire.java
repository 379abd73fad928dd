package dev.muster.node.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.EntityDespawn;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The wires of the matrix: what each can say, and what each is told of what somebody says. Frames are read into one
 * notation: {@code name: text} for what somebody said, {@code +name} and {@code -name} for who came and went, anything
 * else as it is, bytes as {@code 0x…}.
 */
enum MatrixWire {
    RELAY {
        @Override
        List<Said> says() {
            return List.of(
                    frame("plain text", "plain text"),
                    frame("{\"type\":\"CHAT_MESSAGE\", \"text\":\"dressed\"}", "dressed"),
                    frame("{\"type\":\"MOVE\", \"x\":1}", null),
                    frame("{\"broken\":", "{\"broken\":"),
                    bytes(new byte[] {1, 2, 3}));
        }

        @Override
        @Nullable
        String told(String by, Said said) {
            return said.frame() != null ? said.frame() : spoken(by, said);
        }
    },
    PROTOBUF {
        @Override
        List<Said> says() {
            Message chat = message(MessageType.CHAT_MESSAGE)
                    .setChatMessage(ChatMessage.newBuilder().setMessage("by protobuf"))
                    .build();
            // Not a position or a voice: these are fast, and need not come in the order of the rest.
            Message move = message(MessageType.ENTITY_DESPAWN)
                    .setEntityDespawn(EntityDespawn.newBuilder().setEntityId("e"))
                    .build();
            return List.of(
                    new Said("chat", null, chat.toByteArray(), hex(chat), "by protobuf", false),
                    new Said("entity", null, move.toByteArray(), hex(move), null, false),
                    frame("text of a protobuf member", "text of a protobuf member"));
        }

        @Override
        @Nullable
        String told(String by, Said said) {
            return RELAY.told(by, said);
        }

        @Override
        boolean seesComing(@Nullable String name) {
            return true;
        }
    },
    CHAT {
        @Override
        List<Said> says() {
            return List.of(
                    spoken("chatted"),
                    spoken("{\"type\":\"CHAT_MESSAGE\",\"text\":\"only looks so\"}"),
                    bytes(new byte[] {4, 5}));
        }

        @Override
        @Nullable
        String told(String by, Said said) {
            return said.text() != null ? spoken(by, said) : said.isBytes() ? said.frame() : null;
        }

        @Override
        boolean echoes() {
            return true;
        }

        @Override
        boolean seesComing(@Nullable String name) {
            return name != null;
        }
    },
    EVENTS {
        @Override
        List<Said> says() {
            return List.of(published("in an event"), published("{\"type\":\"CHAT_MESSAGE\",\"text\":\"in an event\"}"));
        }

        @Override
        @Nullable
        String told(String by, Said said) {
            return spoken(by, said);
        }

        @Override
        boolean echoes() {
            return true;
        }

        @Override
        boolean seesComing(@Nullable String name) {
            return HAS_NAME.equals(name);
        }
    },
    PACKETS {
        @Override
        List<Said> says() {
            byte[] packet = PacketBytes.say("in a packet");
            return List.of(new Said("packet", null, packet, null, "in a packet", false));
        }

        @Override
        @Nullable
        String told(String by, Said said) {
            return spoken(by, said);
        }
    },
    TCP {
        @Override
        List<Said> says() {
            byte[] packet = PacketBytes.say("over tcp");
            return List.of(new Said("packet", null, packet, null, "over tcp", false));
        }

        @Override
        @Nullable
        String told(String by, Said said) {
            return spoken(by, said);
        }
    };

    /** The one that the token of development names. */
    static final String HAS_NAME = "John Doe";

    /** The room of all of them. */
    static final String ROOM = "matrix";

    private static final Pattern LINE = Pattern.compile("\\[([^]]+)]: (.*)");
    private static final Pattern COMES_OR_GOES = Pattern.compile("(.+) (joined|left) the room");
    private static final Set<String> SAID_FIELDS = Set.of("type", "id", "from", "text", "timestamp");

    /**
     * Something that can be said.
     *
     * @param textFrame as it is sent; null if as bytes
     * @param binaryFrame as it is sent; null if as text
     * @param frame what relay members get as it is; null if they get it as said by somebody
     * @param text what people read of it; null if it is not for them
     * @param isBytes whether it is raw bytes
     */
    record Said(
            String name,
            @Nullable String textFrame,
            byte @Nullable [] binaryFrame,
            @Nullable String frame,
            @Nullable String text,
            boolean isBytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    abstract List<Said> says();

    /** What a member of this wire is told if {@code by} says something on another connection; null for nothing. */
    @Nullable
    abstract String told(String by, Said said);

    /** Whether members get back what they say. */
    boolean echoes() {
        return false;
    }

    /**
     * Whether members are told of somebody who comes or goes.
     *
     * @param name by which others see them; null if none. All but {@link #HAS_NAME} are user ids
     */
    boolean seesComing(@Nullable String name) {
        return false;
    }

    private static Said frame(String frame, @Nullable String text) {
        return new Said(frame, frame, null, frame, text, false);
    }

    private static Said spoken(String text) {
        return new Said(text, text, null, null, text, false);
    }

    private static Said published(String text) {
        String frame = new JsonObject()
                .put("type", "publish")
                .put("channel", "client.message")
                .put("payload", new JsonObject().put("message", text))
                .encode();
        return new Said(text, frame, null, null, text, false);
    }

    private static Said bytes(byte[] bytes) {
        return new Said("bytes", null, bytes, "0x" + HexFormat.of().formatHex(bytes), null, true);
    }

    private static @Nullable String spoken(String by, Said said) {
        return said.text() == null ? null : by + ": " + said.text();
    }

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder()
                .setMessageId("from a client")
                .setTimestamp(5)
                .setType(type);
    }

    private static String hex(Message message) {
        return Client.hex(Buffer.buffer(message.toByteArray()));
    }

    // ---- coming in

    /** A member whose frames can be read; the name is the one others see. */
    Talker enter(Cluster cluster, int node, @Nullable String name) {
        String user = name == null ? "" : "?user_id=" + name;
        return switch (this) {
            case RELAY -> webSocket(cluster.relay(node, ROOM + user));
            case PROTOBUF ->
                webSocket(cluster.relay(node, ROOM + (name == null ? "?" : user + "&") + "binary=protobuf"));
            case CHAT -> webSocket(cluster.chat(node, ROOM));
            case EVENTS ->
                webSocket(cluster.open(
                        node, "/ws?events=all&room=" + ROOM + (name == null ? "" : "&user_id=" + name), null));
            case PACKETS -> webSocket(cluster.open(node, "/ws/packet" + user, null));
            case TCP -> {
                TcpTalker tcp = new TcpTalker(cluster, node);
                if (name != null) {
                    tcp.say(new Said("token", null, PacketBytes.authenticate("valid-token"), null, null, false));
                }
                yield tcp;
            }
        };
    }

    /** Chat and raw TCP have no query: their names come from the token of development, or they have none. */
    boolean hasNameOfToken() {
        return this == CHAT || this == TCP;
    }

    /** What others see as the name of the member on a node. */
    String nameOn(int node) {
        return hasNameOfToken() ? HAS_NAME : name().toLowerCase(Locale.ROOT) + node;
    }

    boolean canBeAnonymous() {
        return this != CHAT;
    }

    private Talker webSocket(Client client) {
        MatrixWire wire = this;
        return new Talker() {
            @Override
            public void say(Said said) {
                if (said.textFrame() != null) {
                    client.say(said.textFrame());
                } else {
                    client.say(said.binaryFrame());
                }
            }

            @Override
            public List<String> heard() {
                return client.got.stream().map(wire::read).toList();
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    // ---- reading

    private String read(String frame) {
        return switch (this) {
            case RELAY -> readRelay(frame);
            case PROTOBUF -> frame.startsWith("0x") ? readProtobuf(frame) : readRelay(frame);
            case CHAT -> readChat(frame);
            case EVENTS -> readEvent(frame);
            case PACKETS, TCP -> PacketBytes.heard(ByteBufUtil.decodeHexDump(frame.substring(2)));
        };
    }

    private static String readRelay(String frame) {
        if (!frame.startsWith("{\"type\":\"CHAT_MESSAGE\",\"id\"")) {
            return frame;
        }
        JsonObject said = new JsonObject(frame);
        if (!said.fieldNames().equals(SAID_FIELDS) || said.getLong("timestamp") <= 0) {
            return "wrong fields: " + frame;
        }
        return said.getString("from") + ": " + said.getString("text");
    }

    private static String readProtobuf(String frame) {
        try {
            Message message = Message.parseFrom(HexFormat.of().parseHex(frame.substring(2)));
            if (message.getMessageId().isEmpty() || message.getMessageId().equals("from a client")) {
                return frame;
            }
            return switch (message.getType()) {
                case CHAT_MESSAGE ->
                    message.getChatMessage().getFromClientId() + ": "
                            + message.getChatMessage().getMessage();
                case PRESENCE_JOIN -> "+" + message.getPresenceEvent().getData().getDisplayName();
                case PRESENCE_LEAVE ->
                    "-" + message.getPresenceEvent().getData().getDisplayName();
                default -> message.toString();
            };
        } catch (InvalidProtocolBufferException raw) {
            return frame;
        }
    }

    private static String readEvent(String frame) {
        JsonObject event = new JsonObject(frame);
        JsonObject payload = event.getJsonObject("payload");
        return switch (event.getString("channel")) {
            case "server.message" -> payload.getString("from") + ": " + payload.getString("message");
            case "server.userJoined" -> "+" + payload.getString("username");
            case "server.userLeft" -> "-" + payload.getString("username");
            default -> frame;
        };
    }

    private static String readChat(String frame) {
        Matcher line = LINE.matcher(frame);
        if (line.matches()) {
            return line.group(1) + ": " + line.group(2);
        }
        Matcher moves = COMES_OR_GOES.matcher(frame);
        return moves.matches() ? (moves.group(2).equals("left") ? "-" : "+") + moves.group(1) : frame;
    }
}
