package dev.muster.registry.redis;

import dev.muster.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Some of what a node holds at the server. An empty page need not be the last: what is removed leaves the hash as wide
 * as it was.
 *
 * @param held connection ids, and the groups each is in
 * @param next the cursor of the next page
 */
record HoldingsPage(Map<String, List<String>> held, String next) {

    /** The cursor of the first page, and of none after the last. */
    static final String FIRST = "0";

    /** Reads the page at {@code cursor}, of about so many connections. */
    static Future<HoldingsPage> read(Access access, int bucket, NodeId node, String cursor, int about) {
        Request scan = Request.cmd(Command.HSCAN)
                .arg(access.keys().holdings(bucket, node))
                .arg(cursor)
                .arg("COUNT")
                .arg(about);
        return access.run(scan, false).map(answer -> {
            Response page = Objects.requireNonNull(answer);
            Response pairs = page.get(1);
            Map<String, List<String>> held = new LinkedHashMap<>();
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                held.put(
                        pairs.get(i).toString(),
                        Memberships.groupNames(pairs.get(i + 1).toBuffer()));
            }
            return new HoldingsPage(held, page.get(0).toString());
        });
    }

    boolean isLast() {
        return next.equals(FIRST);
    }
}
