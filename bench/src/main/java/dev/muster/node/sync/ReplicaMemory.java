package dev.muster.node.sync;

import java.util.Locale;

/**
 * Prints what a replica's entry takes of the heap: {@code java -Xmx2g -cp … dev.muster.node.sync.ReplicaMemory [entities]}.
 * An entity counts as one entry, and each of its two components as one.
 */
public final class ReplicaMemory {

    private static final int ENTRIES_OF_EACH = 3;
    private static final int ROUNDS = 5;

    private ReplicaMemory() {}

    /** Fills a table and looks at the heap. */
    public static void main(String[] args) throws InterruptedException {
        int entities = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
        FullTable full = new FullTable(entities);
        long before = used();
        full.fill();
        long bytes = used() - before;
        System.out.printf(
                Locale.ROOT,
                "%d entities of 2 components: %.1f MiB, %.0f bytes for each entity, %.0f for each entry, %.0f of these bincode%n",
                full.table.size(),
                bytes / 1048576.0,
                (double) bytes / entities,
                (double) bytes / entities / ENTRIES_OF_EACH,
                (double) full.table.bytes() / entities / ENTRIES_OF_EACH);
    }

    /** After the collector has had every chance. */
    private static long used() throws InterruptedException {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
