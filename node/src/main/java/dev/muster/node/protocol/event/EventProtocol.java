package dev.muster.node.protocol.event;

import dev.muster.node.connection.Route;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import java.util.ArrayList;
import java.util.List;

/** {@code /ws}: JSON frames with named, checked events, some of which the application may have declared. */
public final class EventProtocol implements Protocol {

    static final String NAME = "events";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Route> routes(ProtocolContext context) {
        Channels channels = new Channels(context.events());
        Subscriptions subscriptions = new Subscriptions(channels);
        Audience audience = new Audience();
        context.directory().listen(Form.EVENT, audience::onBroadcast);
        List<Route.Check> checks = new ArrayList<>(Checks.IDS);
        checks.add(subscriptions::check);
        return List.of(new Route(
                "/ws", context.tokenOptional(), new EventSockets(context, channels, subscriptions, audience), checks));
    }
}
