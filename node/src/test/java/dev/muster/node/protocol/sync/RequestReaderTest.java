package dev.muster.node.protocol.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.session.Answer;
import dev.muster.node.sync.session.Filter;
import dev.muster.node.sync.session.Request;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What frames mean, and what is wrong with those that mean nothing. */
class RequestReaderTest {

    private static final RequestReader READER = new RequestReader(Sync.DEFAULT);

    private static final String[] GOOD = {
        "{'type':'subscribe','subscriptionId':1,'component':'*','entity':null}",
        "{'type':'subscribe','subscriptionId':1,'component':'Name','entity':'42','filter':{'owner':'a','tag':'b',"
                + "'region':{'center':{'x':1.5,'y':2},'radius':3}}}",
        "{'type':'subscribe','subscriptionId':2,'component':'Name','filter':{'region':{'min':{'x':1},'max':{'x':2}}}}",
        "{'type':'unsubscribe','subscriptionId':1}",
        "{'type':'mutate','requestId':3,'entity':'42','component':'Name','value':{'name':'x'},'expectedRevision':7}",
        "{'type':'mutate','requestId':3,'entity':'42','component':'Name','patch':{'name':null}}",
        "{'type':'query','queryId':1,'namespace':'entities','params':{'limit':5},'mode':'Subscribe'}",
        "{'type':'queryCancel','queryId':1}",
        "{'type':'take','requestId':4,'entity':'42'}",
        "{'type':'release','entity':'42'}"
    };

    private static Request read(String frame) throws Exception {
        return READER.read(SyncFrame.of(Buffer.buffer(frame.replace('\'', '"'))));
    }

    @Test
    @DisplayName("frames are what they say, in any order and with more than is needed")
    void good() throws Exception {
        assertThat(read(GOOD[0])).isEqualTo(new Request.Subscribe(1, "*", null, Filter.NONE));
        assertThat(((Request.Subscribe) read(GOOD[1])).filter())
                .isEqualTo(((Request.Subscribe) read(GOOD[1])).filter());
        assertThat(((Request.Subscribe) read(GOOD[1])).filter().conditions()).hasSize(3);
        assertThat(read("{'more':[{}],'subscriptionId':18446744073709551615,'type':'unsubscribe'}"))
                .isEqualTo(new Request.Unsubscribe(-1));
        assertThat(read(GOOD[4]))
                .isEqualTo(new Request.Mutate(
                        3L, new Entity(42), "Name", new Request.Edit.Value(Buffer.buffer("{\"name\":\"x\"}"), 7L)));
        assertThat(read(GOOD[5]))
                .isEqualTo(new Request.Mutate(
                        3L, new Entity(42), "Name", new Request.Edit.Patch(Buffer.buffer("{\"name\":null}"), null)));
        assertThat(read(GOOD[6])).isEqualTo(new Request.Query(1, "entities", "{\"limit\":5}", true));
        assertThat(read("{'type':'query','queryId':1,'namespace':'n'}"))
                .isEqualTo(new Request.Query(1, "n", "null", false));
        assertThat(read(GOOD[7])).isEqualTo(new Request.Cancel(1));
        assertThat(read(GOOD[8])).isEqualTo(new Request.Take(4L, new Entity(42)));
        assertThat(read(GOOD[9])).isEqualTo(new Request.Release(null, new Entity(42)));
        assertThat(read("{'type':'batch'}")).isNull();
    }

    /** Whatever comes is a request, or is refused with a sentence. */
    private static void judge(Buffer bytes) {
        SyncFrame frame;
        try {
            frame = SyncFrame.of(bytes);
        } catch (SyncFrame.Malformed malformed) {
            assertThat(malformed.getMessage()).startsWith("a frame must be");
            return;
        }
        try {
            Request request = READER.read(frame);
            assertThat(request != null || frame.type() != null).isTrue();
        } catch (SyncFrame.Wrong wrong) {
            assertThat(wrong.getMessage()).isNotBlank();
            Answer answer = RequestReader.refusal(frame, wrong.getMessage());
            assertThat(answer == null || answer.toString().contains(wrong.getMessage()))
                    .isTrue();
        }
    }

    @Property(tries = 2000)
    void random_bytes_are_refused(@ForAll @Size(max = 100) byte[] bytes) {
        judge(Buffer.buffer(bytes));
    }

    /** Good frames with bytes changed, left out and doubled. */
    @Property(tries = 4000)
    void spoilt_frames_are_refused_or_read(@ForAll long seed) {
        Random random = new Random(seed);
        Buffer frame = Buffer.buffer(GOOD[random.nextInt(GOOD.length)].replace('\'', '"'));
        byte[] bytes = frame.getBytes();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            byte[] signs = "{}[]\",:0-9e.\\ntfu".getBytes();
            bytes[at] = random.nextBoolean() ? signs[random.nextInt(signs.length)] : (byte) random.nextInt(256);
        }
        int end = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
        judge(Buffer.buffer().appendBytes(bytes, 0, end));
    }
}
