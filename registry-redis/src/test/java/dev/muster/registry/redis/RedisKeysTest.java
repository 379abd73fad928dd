package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RedisKeysTest {

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> hostile = Arbitraries.strings()
                .withChars(":{}*?[]\\ \0\n\u0001amlxpg0\u00e9\u4e2d")
                .ofMinLength(1)
                .ofMaxLength(12);
        return Arbitraries.oneOf(hostile, Arbitraries.of("}m:", "{ns:0}m:room", "room", "roo", "room:", ":room", "🎉"));
    }

    /** R10: no name reaches into another group. */
    @Property(tries = 2_000)
    void different_groups_have_different_keys(@ForAll("names") String one, @ForAll("names") String other) {
        RedisKeys keys = new RedisKeys("ns", 4);
        Set<String> ofOne = Set.of(keys.meta(one), keys.membersOf(one));
        Set<String> ofOther = new HashSet<>(Set.of(keys.meta(other), keys.membersOf(other)));
        ofOther.retainAll(ofOne);

        assertThat(ofOther.isEmpty()).isEqualTo(!one.equals(other));
    }

    /** R24: nor into another namespace, whose name may continue this one's. */
    @Property(tries = 500)
    void different_namespaces_have_different_keys(@ForAll("names") String one, @ForAll("names") String other) {
        RedisKeys keys = new RedisKeys("ns", 1);
        for (String namespace : List.of("ns0", "n", "ns.0", "ns-")) {
            assertThat(new RedisKeys(namespace, 1).meta(other)).isNotEqualTo(keys.meta(one));
        }
    }

    /** All keys of a bucket hash to one slot: the tag is the part between the first brace and the next closing one. */
    @Property(tries = 500)
    void all_keys_of_a_bucket_have_its_tag(@ForAll("names") String group) {
        RedisKeys keys = new RedisKeys("ns", 16);
        int bucket = keys.bucketOf(group);

        assertThat(bucket).isBetween(0, 15);
        for (String key : List.of(keys.meta(group), keys.membersOf(group), keys.fence(bucket), keys.groups(bucket))) {
            assertThat(key.substring(0, key.indexOf('}') + 1)).isEqualTo("{ns:" + bucket + "}");
        }
    }

    @Test
    void a_group_stays_in_its_bucket_for_ever() {
        // Stored data depend on these.
        RedisKeys keys = new RedisKeys("ns", 64);

        assertThat(keys.bucketOf("room")).isEqualTo(27);
        assertThat(keys.bucketOf("🎉")).isEqualTo(55);
        assertThat(keys.meta("room")).isEqualTo("{ns:27}m:room");
    }

    @Test
    void an_owner_is_16_digits() {
        assertThat(RedisKeys.owner(new NodeId("n", 10))).isEqualTo("000000000000000a");
        assertThat(RedisKeys.owner(new NodeId("n", -1))).isEqualTo("ffffffffffffffff");
    }
}
