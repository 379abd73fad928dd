package dev.muster.registry.redis;

import dev.muster.registry.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The names of everything in Redis; nothing else makes one.
 *
 * <p>A key is the tag of its bucket, {@code {namespace:bucket}}, one letter, and for what belongs to somebody a colon
 * and the name as it is. A namespace holds neither colon nor brace and the tag ends at the first closing brace, so no
 * name, whatever its characters, reaches into another group, bucket or namespace (R10, R24), and all keys of a bucket
 * hash to one slot. The scripts derive the other keys of a group from its meta key, see {@code group.lua}.
 */
final class RedisKeys {

    private final String namespace;
    private final int buckets;
    private final String[] tags;

    RedisKeys(String namespace, int buckets) {
        this.namespace = namespace;
        this.buckets = buckets;
        this.tags = new String[buckets];
        for (int bucket = 0; bucket < buckets; bucket++) {
            tags[bucket] = tag(namespace, bucket);
        }
    }

    private static String tag(String namespace, int bucket) {
        return "{" + namespace + ':' + bucket + '}';
    }

    /** The fence of the first bucket, known before the number of buckets is. */
    static String firstFence(String namespace) {
        return tag(namespace, 0) + 'f';
    }

    int buckets() {
        return buckets;
    }

    /** The bucket of a group or a connection. */
    int bucketOf(String name) {
        if (buckets == 1) {
            return 0;
        }
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % buckets);
    }

    String fence(int bucket) {
        return tags[bucket] + 'f';
    }

    String buried(int bucket) {
        return tags[bucket] + 'b';
    }

    String groups(int bucket) {
        return tags[bucket] + 'g';
    }

    String connections(int bucket) {
        return tags[bucket] + 'c';
    }

    String users(int bucket) {
        return tags[bucket] + 'u';
    }

    String holdings(int bucket, NodeId node) {
        return tags[bucket] + "h:" + node;
    }

    String meta(String group) {
        return tags[bucketOf(group)] + "m:" + group;
    }

    String membersOf(String group) {
        return tags[bucketOf(group)] + "p:" + group;
    }

    /** The channel of a group is named like its meta key. */
    String channel(String group) {
        return meta(group);
    }

    /** What the channel of a node begins with; its {@link #owner} follows. */
    String nodeChannels() {
        return tag(namespace, 0) + "n:";
    }

    String channel(NodeId node) {
        return nodeChannels() + owner(node);
    }

    /** The channel every node listens to. */
    String broadcastChannel() {
        return tag(namespace, 0) + "all";
    }

    /** What marks the property of one incarnation of a node: 16 hexadecimal digits. */
    static String owner(NodeId node) {
        String hex = Long.toHexString(node.incarnation());
        return "0".repeat(16 - hex.length()) + hex;
    }
}
