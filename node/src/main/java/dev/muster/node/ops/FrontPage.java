package dev.muster.node.ops;

/** What a browser sees at the root: which node this is, and where to go on. */
final class FrontPage {

    private FrontPage() {}

    /** Node names hold no character that means something in HTML. */
    static String of(NodeState state) {
        return """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Muster</title></head>
                <body>
                <h1>Muster</h1>
                <p>This is node %s; its registry is %s.</p>
                <dl>
                <dt>WebSocket</dt>
                <dd>/ws/{room}: what one says, all others in the room hear, on every node</dd>
                <dd>/ws/chat/{room}: a chat, with a token</dd>
                <dd>/ws/simple: an echo</dd>
                <dt>HTTP</dt>
                <dd><a href="/health">/health</a>, <a href="/ready">/ready</a>: how this node is</dd>
                <dd><a href="/ws/stats">/ws/stats</a>, /ws/{room}/stats: who is connected to the cluster</dd>
                <dd><a href="/metrics">/metrics</a>: figures of this node</dd>
                </dl>
                </body>
                </html>
                """.formatted(state.node(), state.registry());
    }
}
