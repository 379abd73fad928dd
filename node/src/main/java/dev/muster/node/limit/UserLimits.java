package dev.muster.node.limit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much a user may send over all connections to all nodes. Each node counts exactly what it takes itself. Twice a
 * second it tells the others of those users who send much through it, and each takes off what the others tell.
 *
 * <p>So a user gets the limit, and may get more only so: in the first half second before the nodes know of each other, up
 * to the limit on each; and afterwards half of it again at most, spread over nodes on each of which it is too little to
 * be told. A node nobody hears from counts as idle after one window. Any thread.
 */
public final class UserLimits {

    private static final Logger LOG = LoggerFactory.getLogger(UserLimits.class);

    /** A broadcast tells of so many users at most; more than that is no matter of single users any more. */
    private static final int MAX_TOLD = 1_000;

    /** What a node told of a user. */
    private record Report(int count, long until) {}

    private final Allowance allowance;
    private final String self;
    private final IntSupplier nodes;
    private final Consumer<Buffer> toAllNodes;
    private final LongSupplier nanoTime;
    private final Map<String, SharedWindow> windows = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Report>> reports = new ConcurrentHashMap<>();

    /**
     * @param allowance of each user
     * @param self this node's name
     * @param nodes how many nodes there are
     * @param toAllNodes has {@link #onReport} called on every node
     * @param nanoTime monotonic, in ns
     */
    public UserLimits(
            Allowance allowance, String self, IntSupplier nodes, Consumer<Buffer> toAllNodes, LongSupplier nanoTime) {
        this.allowance = allowance;
        this.self = self;
        this.nodes = nodes;
        this.toAllNodes = toAllNodes;
        this.nanoTime = nanoTime;
    }

    boolean isOff() {
        return allowance.isNone();
    }

    SharedWindow window(String user, long now) {
        return windows.compute(
                user, (id, known) -> known == null || known.isForgotten() ? new SharedWindow(allowance, now) : known);
    }

    /** Tells the others, and forgets who has been quiet. To be called twice a second. */
    public void tick() {
        if (isOff()) {
            return;
        }
        long now = nanoTime.getAsLong();
        int others = nodes.getAsInt() - 1;
        // So little on each node that all of them together stay below half of the limit.
        int worthTelling = Math.max(1, allowance.count() / (2 * Math.max(1, others + 1)));
        JsonObject told = new JsonObject();
        windows.forEach((user, window) -> {
            int recent = window.recent(now);
            if (recent >= worthTelling && told.size() < MAX_TOLD) {
                told.put(user, recent);
            }
        });
        windows.values().removeIf(window -> window.forgetIfIdle(now, 2 * allowance.windowNanos()));
        reports.values().forEach(ofNodes -> ofNodes.values().removeIf(report -> report.until() - now <= 0));
        reports.values().removeIf(Map::isEmpty);
        if (others > 0 && !told.isEmpty()) {
            toAllNodes.accept(
                    new JsonObject().put("node", self).put("users", told).toBuffer());
        }
    }

    /** Another node, or this one, tells of its users. */
    public void onReport(Buffer bytes) {
        if (isOff()) {
            return;
        }
        try {
            JsonObject report = bytes.toJsonObject();
            String node = report.getString("node");
            if (node != null && !node.equals(self)) {
                long now = nanoTime.getAsLong();
                for (Map.Entry<String, Object> user : report.getJsonObject("users")) {
                    reported(node, user.getKey(), ((Number) user.getValue()).intValue(), now);
                }
            }
        } catch (DecodeException | ClassCastException | NullPointerException malformed) {
            LOG.warn("Another node told of its users in a way this one does not understand");
        }
    }

    private void reported(String node, String user, int count, long now) {
        long until = now + allowance.windowNanos();
        Map<String, Report> ofNodes = reports.computeIfAbsent(user, id -> new ConcurrentHashMap<>());
        ofNodes.put(node, new Report(count, until));
        int sum = 0;
        for (Report report : new HashMap<>(ofNodes).values()) {
            sum += report.until() - now > 0 ? report.count() : 0;
        }
        // Also for a user who is not here: it may come next.
        window(user, now).elsewhere(sum, until);
    }
}
