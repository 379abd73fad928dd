package dev.muster.node.auth;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Grant;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Notice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this node that somebody with a name holds, so that a token that ends, or is taken back, ends them
 * too. Any thread.
 */
public final class LiveConnections {

    /** How long before its end the client is told. */
    static final Duration WARNING = Duration.ofSeconds(30);

    /** A connection, and for which token it has been warned. */
    private static final class Live {
        final Connection connection;
        volatile @Nullable Grant warned;

        Live(Connection connection) {
            this.connection = connection;
        }
    }

    /** By the connection, not its id: who resumes a session takes over the id of another. */
    private final ConcurrentHashMap<Connection, Live> live = new ConcurrentHashMap<>();

    private final Predicate<Identity> revoked;
    private final Clock clock;

    /**
     * @param revoked whose right to be here was taken back
     * @param clock wall time: tokens end at a time of day
     */
    public LiveConnections(Predicate<Identity> revoked, Clock clock) {
        this.revoked = revoked;
        this.clock = clock;
    }

    /** A connection was opened, or is somebody else now. */
    public void add(Connection connection) {
        Identity identity = connection.identity();
        if (identity.userId() == null && identity.grant() == null) {
            return;
        }
        live.computeIfAbsent(connection, Live::new);
        if (revoked.test(identity)) {
            // Taken back between the answer to the upgrade and now.
            connection.close(CloseReason.REVOKED);
        } else if (!connection.isOpen()) {
            remove(connection);
        }
    }

    /** A connection was closed. */
    public void remove(Connection connection) {
        live.remove(connection);
    }

    /** How many there are. */
    public int count() {
        return live.size();
    }

    /** Something was taken back: closes whom it concerns. */
    public void recheck() {
        for (Live each : live.values()) {
            if (revoked.test(each.connection.identity())) {
                each.connection.close(CloseReason.REVOKED);
            }
        }
    }

    /** Warns those whose token ends soon, and closes those whose token has ended. To be called each second. */
    public void tick() {
        Instant now = clock.instant();
        for (Live each : live.values()) {
            Grant grant = each.connection.identity().grant();
            if (grant == null) {
                continue;
            }
            Duration left = Duration.between(now, grant.expiresAt());
            if (left.isNegative() || left.isZero()) {
                each.connection.close(CloseReason.TOKEN_EXPIRED);
            } else if (left.compareTo(WARNING) <= 0 && !grant.equals(each.warned)) {
                each.warned = grant;
                each.connection.inform(new Notice.TokenExpiring(left));
            }
        }
    }
}
