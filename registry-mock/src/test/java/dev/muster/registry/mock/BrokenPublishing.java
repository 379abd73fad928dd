package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.Draft.EntryChange;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.Slice;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Registries that break a rule about publications, or about what a listener is told. */
final class BrokenPublishing {

    private BrokenPublishing() {}

    private static Draft copy(Draft draft, Buffer payload, @Nullable EntryChange change) {
        return new Draft(
                draft.sender(), draft.contentType(), payload, draft.headers(), draft.fast(), draft.messageId(), change);
    }

    /** R11: one counter for all groups. */
    static final class CountsAllGroupsTogether extends ForwardingRegistry {
        private final AtomicLong counter = new AtomicLong();

        CountsAllGroupsTogether(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
            long count = counter.incrementAndGet();
            return sound.publish(group, draft, policy).map(published -> {
                Position position = published.position();
                return position == null ? published : new Published(position.at(count), published.duplicate());
            });
        }
    }

    /** R12: the position that watch returns promises a publication more than will come. */
    static final class WatchesTooLate extends ForwardingRegistry {
        WatchesTooLate(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Position> watch(String group) {
            return sound.watch(group).map(position -> position.at(Math.max(0, position.offset() - 1)));
        }
    }

    /** R13: a node is not delivered what it published itself. */
    static final class EchoMissing extends ForwardingRegistry {
        private final Set<Buffer> own = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

        EchoMissing(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
            own.add(draft.payload());
            return sound.publish(group, draft, policy);
        }

        @Override
        RegistryListener listening(RegistryListener listener) {
            return new ForwardingListener(listener) {
                @Override
                public void onPublication(String group, Publication publication) {
                    if (!own.contains(publication.payload())) {
                        next.onPublication(group, publication);
                    }
                }
            };
        }
    }

    /** R14: large publications take another link, and are overtaken. */
    static final class Reorders extends ForwardingRegistry {
        private static final int LARGE = 10_000;
        private Runnable held = () -> {};

        Reorders(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public synchronized Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
            if (draft.payload().length() < LARGE) {
                Future<Published> overtaking = sound.publish(group, draft, policy);
                held.run();
                held = () -> {};
                return overtaking;
            }
            held.run();
            Promise<Published> late = Promise.promise();
            held = () -> sound.publish(group, draft, policy).onComplete(late);
            return late.future();
        }
    }

    /** R14: a retry is published again. */
    static final class Duplicates extends ForwardingRegistry {
        Duplicates(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
            String forgotten = null;
            Draft anonymous = new Draft(
                    draft.sender(),
                    draft.contentType(),
                    draft.payload(),
                    draft.headers(),
                    draft.fast(),
                    forgotten,
                    draft.change());
            return sound.publish(group, anonymous, policy);
        }
    }

    /** R15: a fast publication is one like any other. */
    static final class LogsFastOnes extends ForwardingRegistry {
        LogsFastOnes(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
            Draft slow = new Draft(
                    draft.sender(),
                    draft.contentType(),
                    draft.payload(),
                    draft.headers(),
                    false,
                    draft.messageId(),
                    draft.change());
            Future<Published> logged = sound.publish(group, slow, policy);
            return draft.fast() ? sound.publish(group, draft, policy) : logged;
        }
    }

    /** R16: goes by the offset alone, so that what a rollback took away seems to continue. */
    static final class IgnoresEpochs extends ForwardingRegistry {
        IgnoresEpochs(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Slice> read(String group, Position after, int limit) {
            return sound.heads(List.of(group)).compose(heads -> {
                Position head = heads.get(group);
                Position guessed = head == null ? after : head.at(Math.min(after.offset(), head.offset()));
                return sound.read(group, guessed, limit);
            });
        }
    }

    /** R16: what is no longer kept is passed over in silence. */
    static final class HidesTrimming extends ForwardingRegistry {
        HidesTrimming(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Slice> read(String group, Position after, int limit) {
            return sound.read(group, after, limit)
                    .map(slice -> new Slice(
                            slice.publications(),
                            slice.through(),
                            slice.head(),
                            whole(slice.messages()),
                            whole(slice.memberships())));
        }

        private static Slice.Completeness whole(Slice.Completeness mark) {
            return mark == Slice.Completeness.TRIMMED ? Slice.Completeness.COMPLETE : mark;
        }
    }

    /** R17: the last writer wins, whatever it expected. */
    static final class IgnoresRevisions extends ForwardingRegistry {
        IgnoresRevisions(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
            EntryChange change = draft.change();
            EntryChange blind = change == null ? null : new EntryChange(change.key(), change.remove(), null);
            return sound.publish(group, copy(draft, draft.payload(), blind), policy);
        }
    }

    /** R18: every payload is text. */
    static final class TakesBytesForText extends ForwardingRegistry {
        TakesBytesForText(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
            Buffer text = Buffer.buffer(draft.payload().toString());
            return sound.publish(group, copy(draft, text, draft.change()), policy);
        }
    }

    /** R22: each outage is told of twice. */
    static final class RepeatsItself extends ForwardingRegistry {
        RepeatsItself(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        RegistryListener listening(RegistryListener listener) {
            return new ForwardingListener(listener) {
                @Override
                public void onUnavailable(@Nullable Throwable cause) {
                    next.onUnavailable(cause);
                    next.onUnavailable(cause);
                }
            };
        }
    }

    /** R22: a link that broke is replaced without a word. */
    static final class HidesBrokenLinks extends ForwardingRegistry {
        HidesBrokenLinks(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        RegistryListener listening(RegistryListener listener) {
            return new ForwardingListener(listener) {
                @Override
                public void onLinkReplaced() {
                    // Nobody needs to know.
                }
            };
        }
    }

    /** R23: a listener that threw once is never called again. */
    static final class GivesUpOnListeners extends ForwardingRegistry {
        GivesUpOnListeners(ConnectionRegistry sound) {
            super(sound);
        }

        @Override
        RegistryListener listening(RegistryListener listener) {
            return new ForwardingListener(listener) {
                private boolean given;

                @Override
                public void onPublication(String group, Publication publication) {
                    if (given) {
                        return;
                    }
                    given = true;
                    next.onPublication(group, publication);
                    given = false;
                }
            };
        }
    }
}
