package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.RegistryContext;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two members as this registry configures them, of which one never tells that it has a backup. */
class BackupTest {

    private static final int FACTORY = 99;

    private final Vertx vertx = Vertx.vertx();
    private final String namespace = "backup-" + Long.toString(System.nanoTime(), 36);
    private final int first = Ports.range();
    private final List<HazelcastInstance> members = new ArrayList<>();

    private RegistryContext context() {
        Map<String, String> options = Map.of(HazelcastOptions.PORT, Integer.toString(first));
        return RegistryContext.of(vertx, namespace, "n" + members.size(), options);
    }

    private void member() {
        RegistryContext context = context();
        OwnerSide side = new OwnerSide(context.timings(), new Inbox(new Callbacks(vertx, group -> false), () -> {}));
        Config config = MemberConfig.of(context, HazelcastOptions.of(context.options()), side);
        config.getSerializationConfig()
                .addDataSerializableFactory(FACTORY, type -> type == 1 ? new Change() : new Untold());
        members.add(Hazelcast.newHazelcastInstance(config));
    }

    @AfterEach
    void end() {
        members.forEach(each -> each.getLifecycleService().terminate());
        vertx.close().await();
    }

    @Test
    @DisplayName("a change whose backup is never confirmed is answered within the time of an operation")
    void unconfirmed() throws Exception {
        member();
        member();
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> members.get(0).getPartitionService().isClusterSafe());
        IMap<String, String> map = members.get(1).getMap(MemberConfig.GROUPS);
        // One owned by each.
        for (HazelcastInstance owner : members) {
            String key = keyOf(owner);
            Boolean answer = map.submitToKey(key, new Change())
                    .toCompletableFuture()
                    .get(context().timings().operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
            assertThat(answer).isTrue();
            assertThat(map.get(key)).isEqualTo("changed");
        }
    }

    private static String keyOf(HazelcastInstance owner) {
        Member member = owner.getCluster().getLocalMember();
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "key-" + i)
                .filter(key -> member.equals(
                        owner.getPartitionService().getPartition(key).getOwner()))
                .findFirst()
                .orElseThrow();
    }

    private abstract static class Serial implements IdentifiedDataSerializable {
        @Override
        public int getFactoryId() {
            return FACTORY;
        }

        @Override
        public void writeData(ObjectDataOutput out) {}

        @Override
        public void readData(ObjectDataInput in) {}
    }

    private static final class Change extends Serial implements EntryProcessor<String, String, Boolean> {
        @Override
        public Boolean process(Map.Entry<String, String> entry) {
            entry.setValue("changed");
            return true;
        }

        @Override
        public EntryProcessor<String, String, Boolean> getBackupProcessor() {
            return new Untold();
        }

        @Override
        public int getClassId() {
            return 1;
        }
    }

    /** Hazelcast is as silent about a backup that fails as about one that comes to a member which is not the backup yet. */
    private static final class Untold extends Serial implements EntryProcessor<String, String, Boolean> {
        @Override
        public Boolean process(Map.Entry<String, String> entry) {
            throw new IllegalStateException("not made");
        }

        @Override
        public int getClassId() {
            return 2;
        }
    }
}
