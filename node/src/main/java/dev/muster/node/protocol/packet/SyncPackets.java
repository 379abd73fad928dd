package dev.muster.node.protocol.packet;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.session.Filter;
import dev.muster.node.sync.session.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads what clients want of a space: {@code SyncClientMessage} and {@code ControlRequest}. */
final class SyncPackets {

    static final int SUBSCRIPTION = 0;
    static final int UNSUBSCRIBE = 1;
    private static final int MUTATE = 2;
    private static final int QUERY = 3;
    static final int QUERY_CANCEL = 4;

    private static final int CLIENT_VARIANTS = 5;
    private static final int CONTROL_VARIANTS = 2;
    private static final int MODES = 2;

    private SyncPackets() {}

    /**
     * @param data of a packet of {@link PacketType#SYNC_CLIENT_MESSAGE}; a later version may have more behind it
     */
    static Request message(ByteBuf data) throws BincodeException {
        BincodeReader in = new BincodeReader(data);
        return switch (in.variant(CLIENT_VARIANTS)) {
            case SUBSCRIPTION -> new Request.Subscribe(in.u64(), in.string(), optionalEntity(in), Filter.NONE);
            case UNSUBSCRIBE -> new Request.Unsubscribe(in.u64());
            case MUTATE -> new Request.Mutate(optionalU64(in), entity(in), in.string(), bytes(in));
            case QUERY -> new Request.Query(in.u64(), in.string(), in.string(), in.variant(MODES) == 1);
            default -> new Request.Cancel(in.u64());
        };
    }

    /**
     * @param data of a packet of {@link PacketType#CONTROL_REQUEST}; likewise
     */
    static Request control(ByteBuf data) throws BincodeException {
        BincodeReader in = new BincodeReader(data);
        return in.variant(CONTROL_VARIANTS) == 0
                ? new Request.Take(null, entity(in))
                : new Request.Release(null, entity(in));
    }

    private static Entity entity(BincodeReader in) throws BincodeException {
        return new Entity(in.u64());
    }

    private static @Nullable Entity optionalEntity(BincodeReader in) throws BincodeException {
        return in.option() ? entity(in) : null;
    }

    private static @Nullable Long optionalU64(BincodeReader in) throws BincodeException {
        return in.option() ? in.u64() : null;
    }

    private static Request.Edit bytes(BincodeReader in) throws BincodeException {
        return new Request.Edit.Bytes(Buffer.buffer(ByteBufUtil.getBytes(in.bytes())));
    }
}
