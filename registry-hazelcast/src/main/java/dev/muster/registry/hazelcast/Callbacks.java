package dev.muster.registry.hazelcast;

import dev.muster.registry.Limits;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener: one group's publications always on the same context (R23), everything that concerns the node on
 * one of its own. A listener that throws is logged, and delivery goes on.
 */
final class Callbacks implements Parcel.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private final List<Context> contexts = new ArrayList<>();
    private final Context control;
    private final Predicate<String> watched;
    private volatile @Nullable RegistryListener listener;

    /** {@code watched} says whether a group is still watched. */
    Callbacks(Vertx vertx, Predicate<String> watched) {
        for (int i = Math.max(1, Runtime.getRuntime().availableProcessors()); i > 0; i--) {
            contexts.add(((VertxInternal) vertx).createEventLoopContext());
        }
        control = contexts.get(0);
        this.watched = watched;
    }

    void tell(RegistryListener listener) {
        this.listener = listener;
    }

    /** Nothing more is told. */
    void silence() {
        listener = null;
    }

    Context control() {
        return control;
    }

    /** Tells something that concerns the node as a whole; such calls keep their order. */
    void control(Consumer<RegistryListener> call) {
        on(control, call);
    }

    @Override
    public void publication(String group, Publication publication) {
        if (watched.test(group)) {
            on(contextOf(group), to -> to.onPublication(group, publication));
        }
    }

    @Override
    public void broadcast(Publication publication) {
        control(to -> to.onBroadcast(publication));
    }

    @Override
    public void send(String connectionId, Buffer payload) {
        on(contextOf(connectionId), to -> to.onSend(connectionId, payload));
    }

    /** What this node held of a group was restored without publications. */
    void membersReset(String group) {
        on(contextOf(group), to -> to.onMembersReset(group));
    }

    private Context contextOf(String name) {
        return contexts.get(Math.floorMod(name.hashCode(), contexts.size()));
    }

    private void on(Context context, Consumer<RegistryListener> call) {
        context.runOnContext(turn -> {
            RegistryListener told = listener;
            if (told == null) {
                return;
            }
            try {
                call.accept(told);
            } catch (RuntimeException failure) {
                LOG.error(
                        "The registry's listener failed, delivery goes on: {}",
                        Limits.shown(failure.toString()),
                        failure);
            }
        });
    }
}
