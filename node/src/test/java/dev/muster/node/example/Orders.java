package dev.muster.node.example;

import dev.muster.node.Node;
import dev.muster.node.event.Event;
import dev.muster.node.event.Events;
import dev.muster.node.event.Filter;
import dev.muster.node.event.Interceptors;
import dev.muster.node.event.Target;
import dev.muster.node.shape.Length;
import dev.muster.node.shape.Range;
import java.time.Duration;
import java.util.List;

/** The example of docs/events.md. */
final class Orders {

    private Orders() {}

    // example
    @Event("client.order")
    record Order(
            @Length(min = 1, max = 50) String item,
            @Range(min = 1, max = 10) int count) {}

    @Event("shop.ordered")
    record Ordered(String item, int count) {}

    static Node start(int port) {
        Node[] node = new Node[1];
        Events events = Events.builder()
                .declare(Ordered.class)
                .intercept(Interceptors.rate(5, Duration.ofSeconds(1)))
                .intercept(Interceptors.idempotency(10_000))
                .on(
                        Order.class,
                        Filter.ANY.in("shop.country", List.of("de", "fr")),
                        order -> node[0].publish(new Ordered(
                                        order.event().item(), order.event().count()))
                                .to(Target.room(order.room())))
                .build();
        node[0] = Node.builder()
                .registry("memory")
                .port(port)
                .events(events)
                .start()
                .await();
        return node[0];
    }
    // end
}
