package dev.muster.node.protocol.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.session.Filter;
import dev.muster.node.sync.session.Request;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What packets about entities mean. */
class SyncPacketsTest {

    private static final String[] GOOD = {
        "0001012a00",
        "0001044e616d6501" + "2a",
        "0101",
        "0201032a044e616d6503026869",
        "02002a044e616d6500",
        "0305026e73027b7d01",
        "0405"
    };

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static Request message(String hex) throws BincodeException {
        return SyncPackets.message(Unpooled.wrappedBuffer(hex(hex)));
    }

    @Test
    @DisplayName("the bytes are those of the documentation")
    void good() throws BincodeException {
        assertThat(message(GOOD[0])).isEqualTo(new Request.Subscribe(1, "*", null, Filter.NONE));
        assertThat(message(GOOD[1])).isEqualTo(new Request.Subscribe(1, "Name", new Entity(42), Filter.NONE));
        assertThat(message("00fdffffffffffffffff012a00")).isEqualTo(new Request.Subscribe(-1, "*", null, Filter.NONE));
        assertThat(message(GOOD[2])).isEqualTo(new Request.Unsubscribe(1));
        assertThat(message(GOOD[3]))
                .isEqualTo(new Request.Mutate(
                        3L, new Entity(42), "Name", new Request.Edit.Bytes(Buffer.buffer(hex("026869")))));
        assertThat(message(GOOD[4]))
                .isEqualTo(new Request.Mutate(null, new Entity(42), "Name", new Request.Edit.Bytes(Buffer.buffer())));
        assertThat(message(GOOD[5])).isEqualTo(new Request.Query(5, "ns", "{}", true));
        assertThat(message(GOOD[6])).isEqualTo(new Request.Cancel(5));
        assertThat(SyncPackets.control(Unpooled.wrappedBuffer(hex("002a"))))
                .isEqualTo(new Request.Take(null, new Entity(42)));
        assertThat(SyncPackets.control(Unpooled.wrappedBuffer(hex("012a"))))
                .isEqualTo(new Request.Release(null, new Entity(42)));
    }

    private static void judge(byte[] bytes) {
        try {
            assertThat(SyncPackets.message(Unpooled.wrappedBuffer(bytes))).isNotNull();
        } catch (BincodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
        try {
            assertThat(SyncPackets.control(Unpooled.wrappedBuffer(bytes))).isNotNull();
        } catch (BincodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Property(tries = 3000)
    void random_bytes_are_requests_or_refused(@ForAll @Size(max = 60) byte[] bytes) {
        judge(bytes);
    }

    @Property(tries = 3000)
    void spoilt_packets_are_requests_or_refused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = hex(GOOD[random.nextInt(GOOD.length)]);
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        judge(bytes);
    }
}
