package dev.muster.node.protocol.packet;

import dev.muster.node.codec.bincode.BincodeWriter;
import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.session.Answer;
import dev.muster.node.sync.session.Item;
import dev.muster.node.sync.session.SyncWire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients of a space are told, as {@code SyncServerMessage} and {@code ControlResponse}. */
final class PacketSyncWire implements SyncWire {

    private static final int BATCH = 0;
    private static final int MUTATION_RESPONSE = 1;
    private static final int QUERY_RESPONSE = 2;

    private final ProtocolContext context;

    PacketSyncWire(ProtocolContext context) {
        this.context = context;
    }

    /** There is no packet for it: such a subscription is answered like one of which there is nothing yet. */
    @Override
    public boolean tellsUnknown() {
        return false;
    }

    @Override
    public boolean tellsMore() {
        return false;
    }

    @Override
    public void refused(Status status) {
        context.badInput().count(PacketProtocol.NAME, ErrorCode.of(status));
    }

    // ---- batches ----

    @Override
    public void write(ByteBuf to, boolean first, Item item) {
        BincodeWriter out = new BincodeWriter(to);
        out.variant(item.op().number())
                .unsigned(item.subscriptionId())
                .unsigned(item.entity().bits());
        if (item.op() != Item.Op.ENTITY_REMOVED) {
            out.string(item.component());
        }
        if (item.op() == Item.Op.SNAPSHOT || item.op() == Item.Op.UPDATE) {
            out.bytes(item.bytes());
        }
    }

    @Override
    public ByteBuf batch(Batch batch, List<ByteBuf> parts, Framing framing) {
        int bytes = 0;
        for (ByteBuf part : parts) {
            bytes += part.readableBytes();
        }
        int data = 1 + BincodeWriter.sizeOf(batch.items()) + bytes;
        ByteBuf packet = Packet.begin(PacketType.SYNC_SERVER_MESSAGE, data);
        new BincodeWriter(packet).variant(BATCH).length(batch.items());
        for (ByteBuf part : parts) {
            packet.writeBytes(part, part.readerIndex(), part.readableBytes());
        }
        return framing.binary(packet);
    }

    // ---- answers ----

    @Override
    public @Nullable ByteBuf answer(Answer answer, Framing framing) {
        BincodeWriter data = new BincodeWriter(Unpooled.buffer());
        PacketType type = PacketType.SYNC_SERVER_MESSAGE;
        if (answer instanceof Answer.Mutated mutated) {
            write(data, mutated);
        } else if (answer instanceof Answer.Rows rows) {
            write(data, rows);
        } else if (answer instanceof Answer.Controlled controlled) {
            type = PacketType.CONTROL_RESPONSE;
            write(data, controlled);
        } else {
            return null;
        }
        ByteBuf bytes = data.out();
        ByteBuf packet = Packet.begin(type, bytes.readableBytes());
        return framing.binary(packet.writeBytes(bytes));
    }

    private static void write(BincodeWriter data, Answer.Mutated mutated) {
        data.variant(MUTATION_RESPONSE);
        Long id = mutated.requestId();
        data.option(id != null);
        if (id != null) {
            data.unsigned(id);
        }
        data.variant(
                switch (mutated.status()) {
                    case OK -> 0;
                    case FORBIDDEN -> 1;
                    case NOT_FOUND -> 2;
                    case VALIDATION_ERROR, INVALID_PARAMS -> 3;
                    case INTERNAL_ERROR, CONFLICT -> 4;
                });
        text(data, mutated.message());
    }

    private static void write(BincodeWriter data, Answer.Rows rows) {
        data.variant(QUERY_RESPONSE)
                .unsigned(rows.queryId())
                .variant(
                        switch (rows.status()) {
                            case OK -> 0;
                            case NOT_FOUND -> 1;
                            case FORBIDDEN -> 2;
                            case INVALID_PARAMS, VALIDATION_ERROR -> 3;
                            case INTERNAL_ERROR, CONFLICT -> 4;
                        });
        List<String> all = rows.rows();
        data.option(all != null);
        if (all != null) {
            data.length(all.size());
            all.forEach(data::string);
        }
        text(data, rows.error());
    }

    private static void write(BincodeWriter data, Answer.Controlled controlled) {
        data.variant(controlled.outcome().number());
        if (controlled.outcome() == Answer.Outcome.ALREADY_CONTROLLED) {
            data.unsigned(Integer.toUnsignedLong(controlled.by()));
        } else if (controlled.outcome() == Answer.Outcome.ERROR) {
            data.string(String.valueOf(controlled.message()));
        }
    }

    private static void text(BincodeWriter data, @Nullable String text) {
        data.option(text != null);
        if (text != null) {
            data.string(text);
        }
    }
}
