package dev.muster.node.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InterceptorsTest {

    @Event("client.ping")
    record Ping(int number) {}

    private final List<String> happened = new ArrayList<>();
    private final Connection ann = connection("c-ann", null);
    private final Connection bob = connection("c-bob", null);

    private static Connection connection(String id, @Nullable String clientId) {
        Identity identity = new Identity(null, null, clientId, Set.of(), false);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "id" -> id;
                        case "identity" -> identity;
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private static Received<Ping> ping(Connection from, int number, @Nullable String messageId) {
        return new Received<>(new Ping(number), "client.ping", messageId, Map.of(), from, "lobby");
    }

    private Runnable noted(String what) {
        return () -> happened.add(what);
    }

    private Interceptor around(String name) {
        return (event, next) -> {
            happened.add(name + " before");
            next.proceed();
            happened.add(name + " after");
        };
    }

    @Test
    @DisplayName("the first is the outermost, each stands around an event once, however many handlers there are")
    void order() {
        Events events = Events.builder()
                .intercept(around("first"))
                .intercept(around("second"))
                .on(Ping.class, ping -> happened.add("one"))
                .on(Ping.class, ping -> happened.add("two"))
                .build();
        events.handle(ping(ann, 1, null), noted("own"));
        assertThat(happened)
                .containsExactly("first before", "second before", "own", "one", "two", "second after", "first after");
    }

    @Test
    @DisplayName("one that does not go on ends it there, and a refusal comes out as it is")
    void stops() {
        Events silent = Events.builder()
                .intercept((event, next) -> {})
                .on(Ping.class, ping -> happened.add("handler"))
                .build();
        silent.handle(ping(ann, 1, null), noted("own"));
        assertThat(happened).isEmpty();
        Events refusing = Events.builder()
                .intercept(around("outer"))
                .intercept((event, next) -> {
                    throw new Refused(Refused.Why.FORBIDDEN, "not you");
                })
                .on(Ping.class, ping -> happened.add("handler"))
                .build();
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> refusing.handle(ping(ann, 1, null), noted("own")))
                .withMessage("not you");
        assertThat(happened).containsExactly("outer before");
    }

    @Test
    @DisplayName("a handler that fails costs the others nothing, nor the interceptors around them")
    void isolated() {
        Events events = Events.builder()
                .intercept(around("i"))
                .on(Ping.class, ping -> {
                    throw new Exception("expected by this test");
                })
                .on(Ping.class, ping -> happened.add("other"))
                .build();
        events.handle(ping(ann, 1, null), noted("own"));
        assertThat(happened).containsExactly("i before", "own", "other", "i after");
    }

    @Test
    @DisplayName("timing tells the time of every event, refused or not")
    void timing() {
        List<Long> took = new ArrayList<>();
        Interceptor timing = Interceptors.timing((channel, nanos) -> {
            happened.add(channel);
            took.add(nanos);
        });
        timing.around(ping(ann, 1, null), () -> happened.add("proceeded"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> timing.around(ping(ann, 2, null), () -> {
                    throw new Refused(Refused.Why.INVALID, "no");
                }));
        assertThat(happened).containsExactly("proceeded", "client.ping", "client.ping");
        assertThat(took).hasSize(2).allMatch(nanos -> nanos >= 0);
    }

    @Test
    @DisplayName("logging goes on, and passes refusals on")
    void logging() {
        Interceptors.logging().around(ping(ann, 1, null), () -> happened.add("proceeded"));
        assertThat(happened).containsExactly("proceeded");
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> Interceptors.logging().around(ping(ann, 2, null), () -> {
                    throw new Refused(Refused.Why.INVALID, "no");
                }));
    }

    @Test
    @DisplayName("a rate is each connection's own, says how long to wait, and begins anew with the next window")
    void rate() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 100);
        Interceptor rate = Interceptors.rate(2, Duration.ofMillis(10), now::get);
        rate.around(ping(ann, 1, null), () -> happened.add("1"));
        now.addAndGet(Duration.ofMillis(4).toNanos());
        rate.around(ping(ann, 2, null), () -> happened.add("2"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> rate.around(ping(ann, 3, null), () -> happened.add("3")))
                .withMessage("too many events, wait 7 ms")
                .satisfies(refused -> assertThat(refused.why()).isEqualTo(Refused.Why.RATE_LIMITED));
        rate.around(ping(bob, 1, null), () -> happened.add("bob"));
        now.addAndGet(Duration.ofMillis(6).toNanos());
        rate.around(ping(ann, 4, null), () -> happened.add("4"));
        assertThat(happened).containsExactly("1", "2", "bob", "4");
    }

    @Test
    @DisplayName(
            "what comes again under its id is done once; ids are the client's own, and a refused event may come again")
    void idempotency() {
        Interceptor once = Interceptors.idempotency(100);
        Connection tab = connection("c-1", "tab");
        Connection tabAgain = connection("c-2", "tab");
        once.around(ping(tab, 1, "m"), noted("tab")::run);
        once.around(ping(tab, 1, "m"), noted("tab, again")::run);
        once.around(ping(tabAgain, 1, "m"), noted("tab, after it came back")::run);
        once.around(ping(ann, 1, "m"), noted("ann")::run);
        once.around(ping(bob, 1, "m"), noted("bob")::run);
        once.around(ping(bob, 1, null), noted("no id")::run);
        once.around(ping(bob, 1, null), noted("no id, again")::run);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> once.around(ping(ann, 2, "n"), () -> {
                    throw new Refused(Refused.Why.RATE_LIMITED, "later");
                }));
        once.around(ping(ann, 2, "n"), noted("later")::run);
        assertThat(happened).containsExactly("tab", "ann", "bob", "no id", "no id, again", "later");
    }

    @Test
    @DisplayName("idempotency remembers the latest ids only")
    void forgets() {
        Interceptor once = Interceptors.idempotency(2);
        for (String id : List.of("a", "b", "c", "c", "b", "a")) {
            once.around(ping(ann, 1, id), noted(id)::run);
        }
        assertThat(happened).containsExactly("a", "b", "c", "a");
    }
}
