package dev.muster.node.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import dev.muster.node.transport.MessageLimit.Meter;
import dev.muster.node.transport.MessageLimit.Verdict;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessageLimitsTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;

    private long now = 5 * SECOND;
    private final LimitFigures figures = new LimitFigures();

    private static Connection of(String user) {
        Identity identity = new Identity(user, null, null, Set.of(), false);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> identity);
    }

    private UserLimits users(Allowance each, String node, int nodes, List<Buffer> told) {
        return new UserLimits(each, node, () -> nodes, told::add, () -> now);
    }

    private MessageLimits limits(Allowance each, Allowance user, Allowance node) {
        return new MessageLimits(each, users(user, "n1", 1, new ArrayList<>()), node, figures, () -> now);
    }

    private static Allowance perSecond(int count) {
        return new Allowance(count, SECOND);
    }

    private static int passed(Meter meter, int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            passed += meter.take(false) == Verdict.PASS ? 1 : 0;
        }
        return passed;
    }

    @Test
    @DisplayName("over the limit the client is told once a second how long to wait, the rest is dropped")
    void told() {
        Meter meter = limits(perSecond(3), Allowance.NONE, Allowance.NONE).meter(of(null));
        assertThat(passed(meter, 3)).isEqualTo(3);
        now += 400 * MS;
        assertThat(meter.take(false)).isEqualTo(Verdict.TELL);
        assertThat(meter.pause()).isEqualTo(Duration.ofMillis(600));
        assertThat(meter.take(false)).isEqualTo(Verdict.DROP);
        now += 600 * MS;
        assertThat(passed(meter, 3)).isEqualTo(3);
        assertThat(meter.take(false)).as("within a second of the last time").isEqualTo(Verdict.DROP);
        now += 400 * MS;
        assertThat(meter.take(false)).isEqualTo(Verdict.TELL);
        assertThat(figures.sum(LimitFigures.Kind.CONNECTION)).isEqualTo(4);
    }

    @Test
    @DisplayName("too much in five windows in a row closes, four do not, and a quiet one begins anew")
    void strikes() {
        Meter meter = limits(perSecond(1), Allowance.NONE, Allowance.NONE).meter(of(null));
        for (int round = 0; round < 2; round++) {
            for (int window = 0; window < 4; window++) {
                meter.take(false);
                assertThat(meter.take(false)).isNotEqualTo(Verdict.CLOSE);
                now += SECOND;
            }
            now += SECOND;
        }
        for (int window = 0; window < 4; window++) {
            meter.take(false);
            assertThat(meter.take(false)).isNotEqualTo(Verdict.CLOSE);
            now += SECOND;
        }
        meter.take(false);
        assertThat(meter.take(false)).isEqualTo(Verdict.CLOSE);
    }

    @Test
    @DisplayName("what is about the connection itself has a budget of its own, ten times as large")
    void control() {
        Meter meter = limits(perSecond(2), Allowance.NONE, Allowance.NONE).meter(of(null));
        assertThat(passed(meter, 5)).isEqualTo(2);
        for (int i = 0; i < 20; i++) {
            assertThat(meter.take(true)).isEqualTo(Verdict.PASS);
        }
        assertThat(meter.take(true)).isNotEqualTo(Verdict.PASS);
        assertThat(figures.sum(LimitFigures.Kind.CONTROL)).isEqualTo(1);
        now += SECOND;
        assertThat(passed(meter, 5)).isEqualTo(2);
    }

    @Test
    @DisplayName("without any limit nothing is counted")
    void none() {
        assertThat(limits(Allowance.NONE, Allowance.NONE, Allowance.NONE).meter(of("u")))
                .isSameAs(Meter.OPEN);
    }

    @Test
    @DisplayName("the connections of one user share the user's limit, others and nobodies do not")
    void user() {
        MessageLimits limits = limits(Allowance.NONE, perSecond(5), Allowance.NONE);
        Meter phone = limits.meter(of("alice"));
        Meter laptop = limits.meter(of("alice"));
        assertThat(passed(phone, 3)).isEqualTo(3);
        assertThat(passed(laptop, 9)).isEqualTo(2);
        assertThat(passed(phone, 9)).isZero();
        assertThat(passed(limits.meter(of("bob")), 9)).isEqualTo(5);
        assertThat(passed(limits.meter(of(null)), 9)).isEqualTo(9);
        assertThat(figures.sum(LimitFigures.Kind.USER)).isEqualTo(7 + 9 + 4);
    }

    @Test
    @DisplayName("nodes take off what the others tell of a user, as long as that counts")
    void acrossNodes() {
        List<Buffer> told = new ArrayList<>();
        UserLimits first = users(perSecond(10), "n1", 2, told);
        UserLimits second = users(perSecond(10), "n2", 2, told);
        Meter here = new MessageLimits(Allowance.NONE, first, Allowance.NONE, figures, () -> now).meter(of("alice"));
        Meter there = new MessageLimits(Allowance.NONE, second, Allowance.NONE, figures, () -> now).meter(of("alice"));
        assertThat(passed(here, 7)).isEqualTo(7);
        first.tick();
        second.tick();
        assertThat(told).as("who sends nothing is not spoken of").hasSize(1);
        first.onReport(told.get(0));
        second.onReport(told.get(0));
        assertThat(passed(there, 9)).isEqualTo(3);
        assertThat(passed(here, 9)).as("one's own report is no news").isEqualTo(3);
        now += SECOND;
        assertThat(passed(there, 20)).as("the report is over").isEqualTo(10);
    }

    @Test
    @DisplayName("garbage from another node changes nothing")
    void garbage() {
        UserLimits users = users(perSecond(10), "n1", 2, new ArrayList<>());
        for (String text : List.of(
                "",
                "x",
                "{}",
                "[]",
                "{\"node\":1}",
                "{\"node\":\"n2\"}",
                "{\"node\":\"n2\",\"users\":{\"a\":\"x\"}}")) {
            users.onReport(Buffer.buffer(text));
        }
        Meter meter = new MessageLimits(Allowance.NONE, users, Allowance.NONE, figures, () -> now).meter(of("a"));
        assertThat(passed(meter, 20)).isEqualTo(10);
    }

    @Test
    @DisplayName("all connections of a node share the node's limit, and none is closed for it")
    void node() {
        MessageLimits limits = limits(Allowance.NONE, Allowance.NONE, perSecond(4));
        Meter one = limits.meter(of(null));
        Meter two = limits.meter(of(null));
        for (int window = 0; window < 8; window++) {
            assertThat(passed(one, 3)).isEqualTo(3);
            assertThat(passed(two, 3)).isEqualTo(1);
            assertThat(two.take(false)).isNotEqualTo(Verdict.CLOSE);
            now += SECOND;
        }
    }

    @Test
    @DisplayName("an address may open so many connections, and is told in whole seconds when the next one may come")
    void addresses() {
        AddressLimits limits = new AddressLimits(new Allowance(3, 60 * SECOND), false, figures, () -> now);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.retryAfterSeconds("192.0.2.1")).isZero();
        }
        now += 500 * MS;
        assertThat(limits.retryAfterSeconds("192.0.2.1")).isEqualTo(60);
        assertThat(limits.retryAfterSeconds("192.0.2.2")).isZero();
        limits.tick();
        now += 59_500 * MS;
        limits.tick();
        assertThat(limits.retryAfterSeconds("192.0.2.1")).isZero();
        assertThat(figures.sum(LimitFigures.Kind.ADDRESS)).isEqualTo(1);
    }

    @Test
    @DisplayName("of IPv6 the first half counts; loopback only if that is wanted")
    void networks() {
        AddressLimits limits = new AddressLimits(new Allowance(1, 60 * SECOND), false, figures, () -> now);
        assertThat(limits.retryAfterSeconds("2001:db8:1:2::1")).isZero();
        assertThat(limits.retryAfterSeconds("2001:db8:1:2:ffff::9")).isPositive();
        assertThat(limits.retryAfterSeconds("2001:db8:1:3::1")).isZero();
        for (String loopback : List.of("127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1")) {
            assertThat(limits.retryAfterSeconds(loopback)).isZero();
            assertThat(limits.retryAfterSeconds(loopback)).as(loopback).isZero();
        }
        AddressLimits strict = new AddressLimits(new Allowance(1, 60 * SECOND), true, figures, () -> now);
        assertThat(strict.retryAfterSeconds("127.0.0.1")).isZero();
        assertThat(strict.retryAfterSeconds("127.0.0.1")).isPositive();
        assertThat(new AddressLimits(Allowance.NONE, true, figures, () -> now).retryAfterSeconds("127.0.0.1"))
                .isZero();
    }
}
