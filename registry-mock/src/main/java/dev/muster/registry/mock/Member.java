package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;

/** One connection in one group, since {@code joinedAt}; {@code number} gives the order of joining. */
final class Member {

    final String group;
    final long number;
    final Position joinedAt;
    private ConnectionRecord record;

    Member(String group, long number, Position joinedAt, ConnectionRecord record) {
        this.group = group;
        this.number = number;
        this.joinedAt = joinedAt;
        this.record = record;
    }

    Member(Member other) {
        this(other.group, other.number, other.joinedAt, other.record);
    }

    String connectionId() {
        return record.connectionId();
    }

    /** The record of the join, with the incarnation that answers for it now. */
    ConnectionRecord record() {
        return record;
    }

    /** Who may end it, and whose death ends it. */
    NodeId owner() {
        return record.node();
    }

    void moveTo(NodeId owner) {
        record = record.heldBy(owner);
    }
}
