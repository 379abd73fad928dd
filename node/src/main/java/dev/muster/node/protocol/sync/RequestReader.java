package dev.muster.node.protocol.sync;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.session.Answer;
import dev.muster.node.sync.session.Filter;
import dev.muster.node.sync.session.Request;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads what a client wants out of its frames, and says what is wrong with those that cannot be read. */
final class RequestReader {

    static final String TYPES =
            "type must be subscribe, unsubscribe, mutate, remove, despawn, query, queryCancel, take,"
                    + " release or AUTH";

    private static final String ENTITY = "must be a decimal number in quotation marks, from 0 to 18446744073709551615";

    private final FilterReader filters;

    RequestReader(Sync sync) {
        this.filters = new FilterReader(sync);
    }

    /**
     * What a frame asks for.
     *
     * @return null if its type is none of these
     */
    @Nullable
    Request read(SyncFrame frame) throws SyncFrame.Wrong {
        return switch (frame.type()) {
            case "subscribe" -> subscribe(frame);
            case "unsubscribe" -> new Request.Unsubscribe(frame.id("subscriptionId"));
            case "mutate" ->
                new Request.Mutate(frame.optionalId("requestId"), entity(frame), component(frame), edit(frame));
            case "remove" ->
                new Request.Mutate(
                        frame.optionalId("requestId"), existing(frame), component(frame), new Request.Edit.Remove());
            case "despawn" ->
                new Request.Mutate(frame.optionalId("requestId"), existing(frame), "", new Request.Edit.Remove());
            case "query" -> query(frame);
            case "queryCancel" -> new Request.Cancel(frame.id("queryId"));
            case "take" -> new Request.Take(frame.optionalId("requestId"), existing(frame));
            case "release" -> new Request.Release(frame.optionalId("requestId"), existing(frame));
            default -> null;
        };
    }

    private Request subscribe(SyncFrame frame) throws SyncFrame.Wrong {
        long id = frame.id("subscriptionId");
        Entity entity = frame.has("entity") ? existing(frame) : null;
        Buffer filter = frame.has("filter") ? frame.raw("filter") : null;
        return new Request.Subscribe(id, component(frame), entity, filter == null ? Filter.NONE : filters.read(filter));
    }

    private static String component(SyncFrame frame) throws SyncFrame.Wrong {
        String component = frame.text("component");
        if (component.isEmpty()) {
            throw new SyncFrame.Wrong("component", "must not be empty");
        }
        return component;
    }

    private static Entity entity(SyncFrame frame) throws SyncFrame.Wrong {
        try {
            return Entity.parse(frame.text("entity"));
        } catch (SyncFrame.Wrong | IllegalArgumentException none) {
            throw new SyncFrame.Wrong("entity", ENTITY);
        }
    }

    private static Entity existing(SyncFrame frame) throws SyncFrame.Wrong {
        Entity entity = entity(frame);
        if (entity.equals(Entity.NEW)) {
            throw new SyncFrame.Wrong("entity", "must be one that exists: all ones is for mutations only");
        }
        return entity;
    }

    private static Request.Edit edit(SyncFrame frame) throws SyncFrame.Wrong {
        Buffer value = frame.raw("value");
        Buffer patch = frame.raw("patch");
        Long expected = frame.optionalId("expectedRevision");
        if ((value == null) == (patch == null)) {
            throw new SyncFrame.Wrong("value", "or patch is required, and not both");
        }
        return value != null ? new Request.Edit.Value(value, expected) : new Request.Edit.Patch(patch, expected);
    }

    private static Request query(SyncFrame frame) throws SyncFrame.Wrong {
        long id = frame.id("queryId");
        String mode = frame.has("mode") ? frame.text("mode") : "OneShot";
        boolean live = mode.equalsIgnoreCase("Subscribe");
        if (!live && !mode.equalsIgnoreCase("OneShot")) {
            throw new SyncFrame.Wrong("mode", "must be OneShot or Subscribe");
        }
        Buffer params = frame.has("params") ? frame.raw("params") : null;
        return new Request.Query(id, frame.text("namespace"), params == null ? "null" : params.toString(), live);
    }

    /**
     * The answer to a frame that cannot be read.
     *
     * @return null if it does not say what it is an answer to
     */
    static @Nullable Answer refusal(SyncFrame frame, String wrong) {
        return switch (frame.type()) {
            case "subscribe", "unsubscribe" -> {
                Long id = idOf(frame, "subscriptionId");
                yield id == null ? null : new Answer.Refused(id, Status.INVALID_PARAMS, wrong);
            }
            case "mutate", "remove", "despawn" ->
                new Answer.Mutated(idOf(frame, "requestId"), Status.VALIDATION_ERROR, null, null, wrong);
            case "query", "queryCancel" -> {
                Long id = idOf(frame, "queryId");
                yield id == null ? null : new Answer.Rows(id, Status.INVALID_PARAMS, null, wrong);
            }
            case "take", "release" -> new Answer.Controlled(idOf(frame, "requestId"), Answer.Outcome.ERROR, 0, wrong);
            default -> null;
        };
    }

    /** The member that says what an answer to a frame is about. */
    static String idMember(SyncFrame frame) {
        return switch (frame.type()) {
            case "subscribe", "unsubscribe" -> "subscriptionId";
            case "query", "queryCancel" -> "queryId";
            default -> "requestId";
        };
    }

    /** A number in a frame; null if there is none that can be read. */
    static @Nullable Long idOf(SyncFrame frame, String member) {
        try {
            return frame.optionalId(member);
        } catch (SyncFrame.Wrong notEvenThat) {
            return null;
        }
    }
}
