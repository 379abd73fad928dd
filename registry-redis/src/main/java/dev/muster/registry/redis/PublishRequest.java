package dev.muster.registry.redis;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Published;
import dev.muster.registry.codec.BodyCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A publish on its way, encoded on its caller's thread. */
final class PublishRequest {

    private static final byte[] NO_HEAD = new byte[0];
    private static final int HASH_BYTES = 8;
    private static final int MESSAGE_ID = 1;
    private static final int PUT = 2;
    private static final int REMOVE = 4;
    private static final int EXPECTED = 8;
    private static final int ABSENT = 16;

    final String group;
    final byte[] policy;
    final byte[] head;
    final byte[] body;
    final int payloadBytes;
    final long deadline;
    final @Nullable Context caller = Vertx.currentContext();
    private final Promise<Published> promise = Promise.promise();

    /** What it comes to, kept until it is told on the caller's context. */
    private @Nullable Published published;

    private @Nullable Throwable failure;

    PublishRequest(String group, Draft draft, GroupPolicy policy, long deadline) {
        this.group = group;
        this.policy = policyBytes(policy);
        Buffer encoded = BodyCodec.encode(draft);
        this.body = encoded.getBytes();
        this.payloadBytes = draft.payload().length();
        this.head = draft.messageId() == null && draft.change() == null ? NO_HEAD : head(draft, body);
        this.deadline = deadline;
    }

    Future<Published> future() {
        return promise.future();
    }

    void accepted(Position position, boolean duplicate) {
        published = new Published(position, duplicate);
    }

    void failed(Throwable cause) {
        failure = cause;
    }

    /** Tells the caller; on its context. */
    void tell() {
        if (published != null) {
            promise.complete(published);
        } else {
            promise.fail(failure == null ? Failures.unavailable("Redis gave no answer") : failure);
        }
    }

    /** Count, age in ms, bytes, presence, as group.lua reads them. */
    static byte[] policyBytes(GroupPolicy policy) {
        return Buffer.buffer(13)
                .appendInt(policy.historyCount())
                .appendInt((int) policy.historyAge().toMillis())
                .appendInt((int) Math.min(policy.historyBytes(), 0xffff_ffffL))
                .appendByte((byte) (policy.presence() == GroupPolicy.Presence.EVENTS ? 1 : 0))
                .getBytes();
    }

    private static byte[] head(Draft draft, byte[] body) {
        Buffer head = Buffer.buffer();
        int flags = 0;
        String messageId = draft.messageId();
        if (messageId != null) {
            flags |= MESSAGE_ID;
            byte[] id = messageId.getBytes(StandardCharsets.UTF_8);
            head.appendShort((short) id.length).appendBytes(id).appendBytes(hash(body));
        }
        Draft.EntryChange change = draft.change();
        if (change != null) {
            flags |= change.remove() ? REMOVE : PUT;
            byte[] key = change.key().getBytes(StandardCharsets.UTF_8);
            head.appendShort((short) key.length).appendBytes(key);
            Position expected = change.expected();
            if (expected != null) {
                flags |= EXPECTED | appendRevision(head, expected);
            }
        }
        return Buffer.buffer(1 + head.length())
                .appendByte((byte) flags)
                .appendBuffer(head)
                .getBytes();
    }

    private static int appendRevision(Buffer head, Position expected) {
        if (expected.equals(Draft.EntryChange.ABSENT)) {
            return ABSENT;
        }
        byte[] revision = Positions.bytes(expected);
        // What is no position of this registry equals no revision.
        head.appendBytes(revision == null ? new byte[Positions.BYTES] : revision);
        return 0;
    }

    private static byte[] hash(byte[] body) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(body), HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
