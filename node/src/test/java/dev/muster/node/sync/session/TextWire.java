package dev.muster.node.sync.session;

import dev.muster.node.connection.Framing;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.component.Name;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Says everything in words, one line for each frame: {@code batch initial=[1] snapshot 1 5 Name=a, entityRemoved 1 6}. */
final class TextWire implements SyncWire {

    private static final ComponentType<Name> NAME = ComponentType.of(Name.class);

    final List<Status> refused = new ArrayList<>();
    int written;
    int batches;

    @Override
    public boolean tellsUnknown() {
        return true;
    }

    @Override
    public boolean tellsMore() {
        return true;
    }

    @Override
    public void refused(Status status) {
        refused.add(status);
    }

    @Override
    public void write(ByteBuf to, boolean first, Item item) {
        written++;
        String text = (first ? "" : ", ")
                + switch (item.op()) {
                    case SNAPSHOT -> "snapshot " + place(item) + "=" + value(item);
                    case UPDATE -> "update " + place(item) + "=" + value(item);
                    case COMPONENT_REMOVED -> "componentRemoved " + place(item);
                    case ENTITY_REMOVED -> "entityRemoved " + item.subscriptionId() + " " + item.entity();
                };
        to.writeCharSequence(text, StandardCharsets.UTF_8);
    }

    private static String place(Item item) {
        return item.subscriptionId() + " " + item.entity() + " " + item.component();
    }

    private static String value(Item item) {
        return item.component().equals("Name") ? NAME.decode(item.bytes()).name() : ByteBufUtil.hexDump(item.bytes());
    }

    @Override
    public ByteBuf batch(Batch batch, List<ByteBuf> parts, Framing framing) {
        batches++;
        List<String> items = new ArrayList<>();
        parts.stream().filter(ByteBuf::isReadable).forEach(part -> items.add(part.toString(StandardCharsets.UTF_8)));
        return text("batch" + (batch.initial().isEmpty() ? "" : " initial=" + batch.initial())
                + (batch.more().isEmpty() ? "" : " more=" + batch.more())
                + (items.isEmpty() ? "" : " " + String.join(", ", items)));
    }

    @Override
    public ByteBuf answer(Answer answer, Framing framing) {
        return text(answer.toString());
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
