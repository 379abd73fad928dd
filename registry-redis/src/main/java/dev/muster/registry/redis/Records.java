package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.codec.RecordCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/** Connections as the scripts keep them: owner (16 bytes), length of the user (2), user, record. */
final class Records {

    private static final int OWNER_BYTES = 16;

    private Records() {}

    /** The record in a value of the hash of connections. */
    static ConnectionRecord ofConnection(Buffer value) {
        return RecordCodec.decode(value, OWNER_BYTES + 2 + value.getUnsignedShort(OWNER_BYTES));
    }

    /** The records of an answer from its element {@code from} on, as they are in members and publications. */
    static List<ConnectionRecord> list(Response answer, int from) {
        List<ConnectionRecord> records = new ArrayList<>(answer.size() - from);
        for (int i = from; i < answer.size(); i++) {
            records.add(RecordCodec.decode(answer.get(i).toBuffer(), 0));
        }
        return records;
    }
}
