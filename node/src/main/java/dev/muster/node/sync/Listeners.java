package dev.muster.node.sync;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All who listen to a replica. */
final class Listeners implements ReplicaListener {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<ReplicaListener> all = new CopyOnWriteArrayList<>();

    Watch add(ReplicaListener listener) {
        all.add(listener);
        return () -> all.remove(listener);
    }

    private void tell(Consumer<ReplicaListener> news) {
        for (ReplicaListener listener : all) {
            try {
                news.accept(listener);
            } catch (RuntimeException failure) {
                LOG.error("A listener of a space failed, the others go on", failure);
            }
        }
    }

    @Override
    public void onSpawned(EntityState entity) {
        if (!all.isEmpty()) {
            tell(listener -> listener.onSpawned(entity));
        }
    }

    @Override
    public void onSet(EntityState entity, ComponentState component, boolean isNew) {
        if (!all.isEmpty()) {
            tell(listener -> listener.onSet(entity, component, isNew));
        }
    }

    @Override
    public void onRemoved(EntityState entity, ComponentState component) {
        if (!all.isEmpty()) {
            tell(listener -> listener.onRemoved(entity, component));
        }
    }

    @Override
    public void onDespawned(EntityState entity) {
        if (!all.isEmpty()) {
            tell(listener -> listener.onDespawned(entity));
        }
    }
}
