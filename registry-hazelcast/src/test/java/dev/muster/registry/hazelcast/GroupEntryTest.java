package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Position;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.codec.BodyCodec;
import dev.muster.registry.hazelcast.OpAnswer.Status;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** One group's entry: what its changes do, and that the owner and the backup agree. */
class GroupEntryTest {

    private static final UUID OWNER = new UUID(7, 7);
    private static final NodeRef A = new NodeRef(new UUID(1, 1), 11);
    private static final NodeRef B = new NodeRef(new UUID(2, 2), 22);
    private static final GroupPolicy SILENT = GroupPolicy.DEFAULT.withPresence(Presence.OFF);

    private static final InternalSerializationService SERIALIZATION = serialization();

    private long sequence;

    private static InternalSerializationService serialization() {
        Config config = new Config();
        config.getSerializationConfig().addDataSerializableFactory(Serials.FACTORY, new Serials());
        return new DefaultSerializationServiceBuilder()
                .setConfig(config.getSerializationConfig())
                .build();
    }

    private static <T> T copy(T object) {
        return SERIALIZATION.toObject(SERIALIZATION.toData(object));
    }

    private static Stamp stamp(long now) {
        return stamp(now, OWNER, false);
    }

    private static Stamp stamp(long now, UUID owner, boolean begin) {
        return new Stamp(now, owner, "epoch" + now, begin, 60_000, 300_000);
    }

    private static Publish say(String text) {
        Draft draft = Draft.text(null, text);
        return Publish.of(draft, BodyCodec.encode(draft), GroupPolicy.DEFAULT);
    }

    private static GroupOp.Join join(String id) {
        return new GroupOp.Join(id, id.getBytes(java.nio.charset.StandardCharsets.UTF_8), GroupPolicy.DEFAULT);
    }

    private BatchAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp, GroupOp... ops) {
        BatchAnswer answer = group.apply(new GroupBatch(caller, ++sequence, List.of(ops)), stamp);
        group.takeAppended();
        group.takeTold();
        return answer;
    }

    // ---- repetition ----

    @Test
    void a_batch_that_is_repeated_is_answered_as_before_and_changes_nothing() {
        GroupEntry group = new GroupEntry(stamp(1));
        GroupBatch batch = new GroupBatch(A, 5, List.of(say("once"), join("c1")));
        BatchAnswer first = group.apply(batch, stamp(1));

        assertThat(group.repeated(copy(batch)).get(0)).isEqualTo(first.get(0));
        assertThat(copy(group).repeated(batch).get(1)).isEqualTo(first.get(1));
        assertThat(group.repeated(new GroupBatch(A, 6, batch.ops()))).isNull();
        assertThat(group.repeated(new GroupBatch(B, 5, batch.ops()))).isNull();
    }

    // ---- owners and epochs ----

    @Test
    void an_epoch_begins_with_the_first_change_that_needs_one() {
        GroupEntry group = new GroupEntry(stamp(1));
        apply(group, A, stamp(1), say("one"));
        Position before = group.head();
        apply(group, A, stamp(2, new UUID(8, 8), true), say("two"), say("three"));

        assertThat(group.head()).isEqualTo(new Position("epoch2", 3));
        Slice slice = group.read(before, 10, 2).toSlice();
        assertThat(slice.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(slice.publications())
                .extracting(each -> each.position())
                .containsExactly(new Position("epoch2", 2), new Position("epoch2", 3));
        assertThat(group.owner()).isEqualTo(new UUID(8, 8));
    }

    // ---- sweeping ----

    @Test
    void a_sweep_takes_the_dead_incarnations_members_only_and_each_once() {
        GroupEntry group = new GroupEntry(stamp(1));
        apply(group, A, stamp(1), join("a1"), join("a2"), join("a3"), new GroupOp.Watch());
        apply(group, B, stamp(2), join("b1"), new GroupOp.Watch());

        assertThat(apply(group, B, stamp(3), new GroupOp.Sweep(11, 2)).get(0).status())
                .isEqualTo(Status.UNFINISHED);
        assertThat(apply(group, B, stamp(4), new GroupOp.Sweep(11, 2)).get(0).status())
                .isEqualTo(Status.DONE);
        Position before = group.head();
        apply(group, A, stamp(5), new GroupOp.Sweep(11, 2), new GroupOp.Leave("b1"));

        assertThat(group.head()).as("nothing is left to be swept").isEqualTo(before);
        assertThat(group.members().all()).extracting(each -> each.connectionId).containsExactly("b1");
        assertThat(group.watchers()).containsExactly(B);
        assertThat(before.offset()).isEqualTo(4 + 3);
    }

    // ---- restoring ----

    @Test
    void what_was_lost_comes_back_in_silence() {
        GroupEntry lost = new GroupEntry(stamp(1));
        OpAnswer first = apply(lost, A, stamp(1), new Reconcile(Set.of(), true, List.of(join("a1")), List.of("old")))
                .get(0);
        OpAnswer second = apply(lost, B, stamp(2), new Reconcile(Set.of(), true, List.of(join("b1")), List.of("old")))
                .get(0);

        assertThat(first.status()).isEqualTo(Status.SILENTLY_RESTORED);
        assertThat(second.status()).isEqualTo(Status.SILENTLY_RESTORED);
        assertThat(lost.head().offset()).isZero();
        assertThat(lost.members().size()).isEqualTo(2);
        assertThat(lost.watchers()).containsExactly(A, B);
    }

    @Test
    void whom_the_others_saw_leave_joins_again() {
        GroupEntry group = new GroupEntry(stamp(1));
        apply(group, A, stamp(1), join("a1"));
        String known = group.head().epoch();
        apply(group, B, stamp(2), new GroupOp.Sweep(11, 100));
        NodeRef again = new NodeRef(new UUID(3, 3), 33);
        OpAnswer answer = apply(
                        group, again, stamp(3), new Reconcile(Set.of(11L), false, List.of(join("a1")), List.of(known)))
                .get(0);

        assertThat(answer.status()).isEqualTo(Status.DONE);
        assertThat(group.head().offset()).as("JOINED, LEFT, JOINED").isEqualTo(3);
    }

    @Test
    void members_of_an_earlier_incarnation_that_are_still_there_stay_without_a_word() {
        GroupEntry group = new GroupEntry(stamp(1));
        apply(group, A, stamp(1), join("stays"), join("goes"), new GroupOp.Watch());
        NodeRef again = new NodeRef(new UUID(3, 3), 33);
        apply(group, again, stamp(2), new Reconcile(Set.of(11L), true, List.of(join("stays")), List.of("epoch1")));

        assertThat(group.members().get("stays").owner).isEqualTo(33);
        assertThat(group.members().get("goes")).isNull();
        assertThat(group.watchers()).containsExactly(again);
        assertThat(group.head().offset()).as("JOINED, JOINED, LEFT").isEqualTo(3);
    }

    @Test
    void reconciling_what_agrees_changes_nothing() {
        GroupEntry group = new GroupEntry(stamp(1));
        apply(group, A, stamp(1), join("a1"), new GroupOp.Watch());
        group.apply(
                new GroupBatch(A, 99, List.of(new Reconcile(Set.of(5L), true, List.of(join("a1")), List.of("epoch1")))),
                stamp(2));

        assertThat(group.dirty()).isFalse();
    }

    // ---- the end ----

    @Test
    void an_empty_group_goes_when_its_time_is_over_and_not_while_somebody_watches() {
        GroupEntry group = new GroupEntry(stamp(1));
        apply(group, A, stamp(1_000), join("a1"), new GroupOp.Watch());
        apply(group, A, stamp(2_000), new GroupOp.Leave("a1"));
        apply(group, A, stamp(200_000), new GroupOp.Tidy());
        assertThat(group.gone()).isFalse();

        apply(group, A, stamp(300_000), new GroupOp.Unwatch());
        apply(group, A, stamp(359_999), new GroupOp.Tidy());
        assertThat(group.gone()).isFalse();
        apply(group, A, stamp(360_000), new GroupOp.Tidy());
        assertThat(group.gone()).isTrue();
    }

    // ---- owner and backup ----

    @Provide
    Arbitrary<List<GroupOp>> batches() {
        Arbitrary<String> ids = Arbitraries.of("c1", "c2", "c3", "c4");
        Arbitrary<String> keys = Arbitraries.of("k1", "k2");
        Arbitrary<GroupPolicy> policies =
                Arbitraries.of(GroupPolicy.DEFAULT, SILENT, GroupPolicy.DEFAULT.withHistory(2, Duration.ofMillis(500)));
        Arbitrary<GroupOp> op = Arbitraries.oneOf(
                Combinators.combine(ids, policies).as((id, policy) -> new GroupOp.Join(id, new byte[] {1}, policy)),
                ids.map(GroupOp.Leave::new),
                Combinators.combine(Arbitraries.strings().alpha().ofMaxLength(5), policies, ids)
                        .as((text, policy, id) -> {
                            Draft draft = Draft.text(null, text).withMessageId(id);
                            return Publish.of(draft, BodyCodec.encode(draft), policy);
                        }),
                keys.map(key -> {
                    Draft draft = Draft.put(key, Buffer.buffer(key));
                    return Publish.of(draft, BodyCodec.encode(draft), GroupPolicy.DEFAULT);
                }),
                keys.map(key -> {
                    Draft draft = Draft.remove(key);
                    return Publish.of(draft, BodyCodec.encode(draft), GroupPolicy.DEFAULT);
                }),
                Arbitraries.of(
                        new GroupOp.Watch(),
                        new GroupOp.Unwatch(),
                        new GroupOp.Tidy(),
                        new GroupOp.Sweep(11, 2),
                        new GroupOp.MarkLossy(new Position("epoch1", 3)),
                        new Reconcile(Set.of(22L), true, List.of(join("c1"), join("c2")), List.of("x"))));
        return op.list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(tries = 300)
    void the_owner_and_the_backup_compute_the_same(@ForAll("histories") List<Step> history) {
        GroupEntry owner = new GroupEntry(stamp(0));
        GroupEntry backup = new GroupEntry(stamp(0));
        long now = 0;
        for (Step step : history) {
            now += step.pause;
            Stamp stamp = stamp(now, step.newOwner ? new UUID(now, 0) : OWNER, step.newOwner);
            GroupBatch batch = new GroupBatch(step.byA ? A : B, ++sequence, step.ops);
            BatchAnswer answer = owner.apply(batch, stamp);
            BatchAnswer same = backup.apply(copy(batch), stamp);
            for (int i = 0; i < step.ops.size(); i++) {
                assertThat(same.get(i)).isEqualTo(answer.get(i));
            }
            assertThat(backup.dirty()).isEqualTo(owner.dirty());
            assertThat(backup.gone()).isEqualTo(owner.gone());
            owner.takeAppended();
            backup.takeAppended();
            if (step.moves) {
                owner = copy(owner);
                backup = copy(backup);
            }
            assertSame(owner, backup, now);
        }
    }

    private static void assertSame(GroupEntry owner, GroupEntry backup, long now) {
        assertThat(backup.head()).isEqualTo(owner.head());
        assertThat(backup.owner()).isEqualTo(owner.owner());
        assertThat(backup.watchers()).isEqualTo(owner.watchers());
        assertThat(backup.policy()).isEqualTo(owner.policy());
        assertThat(backup.members().all().stream()
                        .map(each -> each.connectionId + each.number + each.joinedAt + each.owner)
                        .toList())
                .isEqualTo(owner.members().all().stream()
                        .map(each -> each.connectionId + each.number + each.joinedAt + each.owner)
                        .toList());
        Position start = new Position(owner.log().epochs().of(0), 0);
        assertThat(SERIALIZATION.toBytes(backup.read(start, 1_000, now)))
                .isEqualTo(SERIALIZATION.toBytes(owner.read(start, 1_000, now)));
        assertThat(entries(backup)).isEqualTo(entries(owner));
    }

    private static byte[] entries(GroupEntry group) {
        KeyedEntries entries = group.entries();
        return entries == null ? new byte[0] : SERIALIZATION.toBytes(entries.page(new Position("base", 0), null));
    }

    /** One batch of a history. */
    record Step(boolean byA, List<GroupOp> ops, long pause, boolean newOwner, boolean moves) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        batches(),
                        Arbitraries.longs().between(0, 40_000),
                        Arbitraries.frequency(net.jqwik.api.Tuple.of(9, false), net.jqwik.api.Tuple.of(1, true)),
                        Arbitraries.frequency(net.jqwik.api.Tuple.of(4, false), net.jqwik.api.Tuple.of(1, true)))
                .as(Step::new)
                .list()
                .ofMaxSize(25);
    }
}
