package dev.muster.node.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Frames are payloads, and every one made is remembered, to see that it was given back. */
final class TrackedFraming implements Framing {

    private final List<ByteBuf> made = new ArrayList<>();

    @Override
    public ByteBuf text(ByteBuf utf8) {
        return binary(utf8);
    }

    @Override
    public ByteBuf binary(ByteBuf bytes) {
        try {
            ByteBuf frame = Unpooled.copiedBuffer(bytes);
            made.add(frame);
            return frame;
        } finally {
            bytes.release();
        }
    }

    /** How many frames were made. */
    int made() {
        return made.size();
    }

    void assertAllReleased() {
        assertThat(made).allSatisfy(frame -> assertThat(frame.refCnt()).isZero());
    }
}
