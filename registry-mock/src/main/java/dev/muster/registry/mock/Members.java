package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who is in a group, in the order they joined. */
final class Members {

    private final Map<String, Member> byConnection = new HashMap<>();
    private final TreeMap<Long, Member> inOrder = new TreeMap<>();
    private long numbers;

    Members() {}

    Members(Members other) {
        numbers = other.numbers;
        other.inOrder.values().forEach(member -> put(new Member(member)));
    }

    private void put(Member member) {
        byConnection.put(member.connectionId(), member);
        inOrder.put(member.number, member);
    }

    int size() {
        return byConnection.size();
    }

    @Nullable
    Member get(String connectionId) {
        return byConnection.get(connectionId);
    }

    long nextNumber() {
        return ++numbers;
    }

    void add(Member member) {
        put(member);
    }

    void remove(Member member) {
        byConnection.remove(member.connectionId(), member);
        inOrder.remove(member.number);
    }

    Collection<Member> all() {
        return inOrder.values();
    }

    /** Those that joined after the {@code after}th, 0 for all; the cursor is the number of the last one shown. */
    Page<ConnectionRecord> page(long after, int limit) {
        NavigableMap<Long, Member> rest = inOrder.tailMap(after, false);
        List<ConnectionRecord> page = new ArrayList<>();
        long last = 0;
        for (Member member : rest.values()) {
            if (page.size() == limit) {
                return new Page<>(page, Long.toString(last));
            }
            page.add(member.record());
            last = member.number;
        }
        return new Page<>(page, null);
    }

    /** What a page's cursor says. */
    static long number(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException notOurs) {
            throw new IllegalArgumentException("cursor was not handed out by a listing of members", notOurs);
        }
    }
}
