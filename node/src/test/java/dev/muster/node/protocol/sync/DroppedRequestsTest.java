package dev.muster.node.protocol.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who sends too much hears which of it is not answered, and no more often than once a second. */
class DroppedRequestsTest {

    private final List<JsonObject> told = new ArrayList<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    private final DroppedRequests dropped =
            new DroppedRequests(text -> told.add(new JsonObject(text)), (time, task) -> {
                assertThat(time).isEqualTo(DroppedRequests.PERIOD);
                timers.add(task);
            });

    private void drop(String frame) {
        dropped.add(new Message(true, Buffer.buffer(frame.replace('\'', '"'))));
    }

    private void tell(long millis) {
        dropped.tell(new Notice.Limited(Duration.ofMillis(millis)));
    }

    private void second() {
        timers.remove().run();
    }

    private static JsonObject error(String more) {
        return new JsonObject(
                "{'type':'ERROR','code':'rate_limited',".replace('\'', '"') + more.replace('\'', '"') + "}");
    }

    @Test
    @DisplayName("the first is named at once, with the wait; those after it together, a second later")
    void told() {
        drop("{'type':'mutate','requestId':7,'entity':'1','component':'Name','value':{'requestId':99}}");
        tell(400);
        assertThat(told)
                .containsExactly(error("'message':'too many messages, wait 400 ms','retryAfterMs':400,'requestId':7"));
        drop("{'type':'despawn','requestId':8,'entity':'1'}");
        drop("{'type':'take','entity':'1','requestId':18446744073709551615}");
        drop("{'type':'query','queryId':3,'namespace':'entities'}");
        drop("{'type':'subscribe','subscriptionId':4,'component':'*'}");
        tell(300);
        assertThat(told).hasSize(1);
        second();
        assertThat(told).hasSize(2);
        assertThat(told.get(1).getString("message")).isEqualTo("too many messages");
        assertThat(told.get(1).getInteger("retryAfterMs")).isZero();
        assertThat(told.get(1).getJsonArray("requestIds").encode()).isEqualTo("[8,18446744073709551615]");
        assertThat(told.get(1).getInteger("queryId")).isEqualTo(3);
        assertThat(told.get(1).getInteger("subscriptionId")).isEqualTo(4);
        assertThat(told.get(1).containsKey("more")).isFalse();
        second();
        assertThat(told).hasSize(2);
        assertThat(timers).isEmpty();
        drop("{'type':'release','requestId':9,'entity':'1'}");
        tell(10);
        assertThat(told.get(2).getInteger("requestId")).isEqualTo(9);
    }

    @Test
    @DisplayName("what has no number, or cannot be read, is said to have been there")
    void nameless() {
        drop("{'type':'mutate','entity':'1'}");
        tell(5);
        assertThat(told).containsExactly(error("'message':'too many messages, wait 5 ms','retryAfterMs':5"));
        drop("{'type':'mutate','requestId':1}");
        drop("no JSON");
        drop("{'type':'mutate','requestId':2,'value':'" + "x".repeat(DroppedRequests.MAX_LENGTH) + "'}");
        dropped.add(new Message(false, Buffer.buffer("{\"requestId\":3}")));
        second();
        assertThat(told.get(1))
                .isEqualTo(error("'message':'too many messages','retryAfterMs':0,'requestId':1,'more':true"));
        drop("no JSON");
        second();
        assertThat(told.get(2)).isEqualTo(error("'message':'too many messages','retryAfterMs':0"));
    }

    @Test
    @DisplayName("of a flood so many are named, and the rest costs nothing")
    void flood() {
        drop("{'type':'mutate','requestId':0}");
        tell(5);
        for (int i = 1; i <= DroppedRequests.MOST + 10; i++) {
            drop("{'type':'mutate','requestId':" + i + "}");
        }
        second();
        JsonArray ids = told.get(1).getJsonArray("requestIds");
        assertThat(ids).hasSize(DroppedRequests.MOST);
        assertThat(ids.getInteger(0)).isEqualTo(1);
        assertThat(told.get(1).getBoolean("more")).isTrue();
        second();
        assertThat(told).hasSize(2);
    }

    @Property(tries = 200)
    void each_named_request_is_told_once_whatever_the_order(@ForAll long seed) {
        // All tries have one instance of this class.
        told.clear();
        Random random = new Random(seed);
        List<Long> sent = new ArrayList<>();
        for (long id = 0; id < 200; id++) {
            if (random.nextInt(3) > 0) {
                drop("{'type':'mutate','requestId':" + id + "}");
                sent.add(id);
                if (timers.isEmpty() || random.nextBoolean()) {
                    tell(1 + random.nextInt(1000));
                }
            }
            if (random.nextInt(10) == 0 && !timers.isEmpty()) {
                second();
            }
        }
        while (!timers.isEmpty()) {
            second();
        }
        List<Long> named = new ArrayList<>();
        for (JsonObject frame : told) {
            if (frame.containsKey("requestId")) {
                named.add(frame.getLong("requestId"));
            }
            frame.getJsonArray("requestIds", new JsonArray()).forEach(id -> named.add(((Number) id).longValue()));
        }
        assertThat(named).isEqualTo(sent);
    }
}
