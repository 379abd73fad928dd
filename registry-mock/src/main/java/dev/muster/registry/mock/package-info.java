/**
 * The in-memory registry: a whole cluster in one process, which can also crash, partition, heal and delay.
 *
 * <p>Behind {@code --registry memory} nodes of one namespace in one JVM find each other by themselves. A test that
 * wants more makes an {@link dev.muster.registry.mock.InMemoryCluster} of its own, in a
 * {@link dev.muster.registry.mock.VirtualTime} if it likes, takes registries from it, and lets things happen to them:
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * InMemoryCluster cluster = InMemoryCluster.create(time);
 * ConnectionRegistry one = cluster.registry(RegistryContext.of(vertx, "test", "n1", Map.of()));
 * ConnectionRegistry two = cluster.registry(RegistryContext.of(vertx, "test", "n2", Map.of()));
 * ...
 * cluster.crash("n2");
 * time.advance(Duration.ofSeconds(12));   // n1 has been told that n2 is down
 * }</pre>
 *
 * <p>One {@code Backend} holds the truth ({@code ClusterState}) behind one lock, which changes of membership take
 * alone and publishing shares. Each node reaches it through its {@code Commands}, which can stall, and is reached over
 * its {@code Link}, which can lose, repeat, reorder and delay; its {@code NodeSession} keeps its lease and brings it
 * back.
 */
@NullMarked
package dev.muster.registry.mock;

import org.jspecify.annotations.NullMarked;
