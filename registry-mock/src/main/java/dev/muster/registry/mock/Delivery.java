package dev.muster.registry.mock;

import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.buffer.Buffer;

/** Something on its way to a node's listener. */
@FunctionalInterface
interface Delivery {

    void to(RegistryListener listener);

    /** What a link may do to it. */
    default Fragility fragility() {
        return Fragility.SAFE;
    }

    /** What a link may do to a delivery. */
    enum Fragility {
        /** The registry's own word to its node: it does not come over the link, and nothing happens to it. */
        SAFE,
        /** May be lost or late, never repeated or overtaken: at most once (R15, R19). */
        LOSABLE,
        /** May be lost, late, repeated and out of order: a feed puts it right. */
        REPAIRABLE
    }

    /** A publication of a watched group. */
    record OfPublication(String group, Publication publication) implements Delivery {
        @Override
        public void to(RegistryListener listener) {
            listener.onPublication(group, publication);
        }

        @Override
        public Fragility fragility() {
            return publication.fast() ? Fragility.LOSABLE : Fragility.REPAIRABLE;
        }
    }

    /** A publication to every node. */
    record OfBroadcast(Publication publication) implements Delivery {
        @Override
        public void to(RegistryListener listener) {
            listener.onBroadcast(publication);
        }

        @Override
        public Fragility fragility() {
            return Fragility.LOSABLE;
        }
    }

    /** Bytes for one connection. */
    record OfBytes(String connectionId, Buffer payload) implements Delivery {
        @Override
        public void to(RegistryListener listener) {
            listener.onSend(connectionId, payload);
        }

        @Override
        public Fragility fragility() {
            return Fragility.LOSABLE;
        }
    }
}
