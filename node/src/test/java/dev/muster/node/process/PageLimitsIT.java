package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pages that send more than they may. */
class PageLimitsIT {

    private static final int LIMIT = 20;
    private static final int SENT = 60;

    @Test
    @DisplayName("each promise settles although the node dropped most of what was sent, and then all is well again")
    void promises() {
        try (Browser page = new Browser(800, 600);
                MusterProcess node = MusterProcess.node("--registry", "memory", "--limit-messages", LIMIT + "/2")) {
            node.awaitReady();
            page.open("http://127.0.0.1:" + node.port() + "/cluster");
            page.eval("""
                    (async () => {
                      const { MusterSync } = await import('/client/muster-sync.js');
                      // So long that only an answer can end it here.
                      globalThis.sync = new MusterSync({ timeout: 600000 }).connect();
                      globalThis.names = sync.subscribe('Name');
                      await names.ready;
                    })()
                    """);
            page.eval(
                    "Promise.allSettled(Array.from({ length: " + SENT
                            + " }, (_, i) => sync.spawn('Name', { name: `n${i}` })))"
                            + ".then((all) => { globalThis.ended = all.map(({ reason }) => reason?.status ?? 'Ok');"
                            + " globalThis.waits = all.map(({ reason }) => reason?.retryAfterMs).filter((wait) => wait !== undefined); }); 0");
            page.awaitTrue("globalThis.ended !== undefined");
            JsonArray ended = (JsonArray) page.eval("ended");
            long made = ended.stream().filter("Ok"::equals).count();
            assertThat(ended).hasSize(SENT).containsOnly("Ok", "rate_limited");
            assertThat(made).isBetween((long) LIMIT, SENT - 1L);
            assertThat(page.eval("waits.length > 0 && waits.every((wait) => wait >= 0 && wait <= 2000)"))
                    .isEqualTo(true);
            page.awaitTrue("names.size === " + made);
            Patience.await("it is taken again")
                    .until(
                            () -> "Ok"
                                    .equals(
                                            page.eval(
                                                    "sync.spawn('Name', { name: 'later' }).then(() => 'Ok', (failure) => failure.status)")));
        }
    }

    @Test
    @DisplayName(
            "where the node cannot say what it dropped, a call ends soon all the same, and what goes on is asked again")
    void nameless() {
        try (Browser page = new Browser(800, 600);
                MusterProcess node = MusterProcess.node("--registry", "memory")) {
            node.awaitReady();
            page.open("http://127.0.0.1:" + node.port() + "/cluster");
            page.eval("""
                    import('/client/muster-sync.js').then(({ MusterSync }) => {
                      class Fake extends EventTarget {
                        sent = [];
                        constructor() {
                          super();
                          globalThis.fake = this;
                          queueMicrotask(() => this.dispatchEvent(new Event('open')));
                        }
                        send(text) { this.sent.push(JSON.parse(text)); }
                        close() {}
                      }
                      globalThis.hear = (frame) => fake.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
                      globalThis.sync = new MusterSync({ WebSocket: Fake, timeout: 600000 }).connect();
                      globalThis.names = sync.subscribe('Name');
                      sync.watchQuery('entities', {}, () => {});
                      globalThis.ends = {};
                      for (const name of ['lost', 'made']) {
                        sync.spawn('Name', { name }).then(() => 'Ok', ({ status }) => status).then((end) => { ends[name] = end; });
                      }
                    })
                    """);
            page.awaitTrue("globalThis.fake?.sent.length === 4");
            page.eval("globalThis.idOf = (type, member) => fake.sent.find((each) => each.type === type)[member];"
                    + " hear({ type: 'ERROR', code: 'rate_limited', retryAfterMs: 20, subscriptionId: idOf('subscribe', 'subscriptionId'),"
                    + " queryIds: [idOf('query', 'queryId')] })");
            page.awaitTrue("fake.sent.filter(({ type }) => type === 'subscribe').length === 2"
                    + " && fake.sent.filter(({ type }) => type === 'query').length === 2");
            assertThat(page.eval("JSON.stringify(ends) + names.error")).isEqualTo("{}null");
            page.eval(
                    "hear({ type: 'ERROR', code: 'rate_limited', message: 'too many', retryAfterMs: 5, more: true, requestIds: [] });"
                            + " hear({ type: 'mutationResponse', status: 'Ok', entity: '7',"
                            + " requestId: fake.sent.find(({ value }) => value?.name === 'made').requestId })");
            page.awaitTrue("JSON.stringify(ends, ['lost', 'made']) === '{\"lost\":\"rate_limited\",\"made\":\"Ok\"}'");
        }
    }

    @Test
    @DisplayName("what is written into the chat too fast is said all the same, each once")
    void chat() {
        try (Browser page = new Browser(800, 600);
                MusterProcess node = MusterProcess.node("--registry", "memory", "--limit-messages", LIMIT + "/2")) {
            node.awaitReady();
            page.open("http://127.0.0.1:" + node.port() + "/").awaitTrue("document.activeElement.id === 'name'");
            page.type("Ann").enter().awaitTrue("state.dataset.state === 'open'");
            WsClient other = WsClient.connect(node.ws("/ws?events=server.message"));
            other.awaitFrame(frame -> frame.contains("\"serverId\""));
            page.eval("for (let i = 0; i < " + SENT + "; i++) { document.getElementById('text').value = `line ${i}`;"
                    + " document.getElementById('composer').requestSubmit(); }");
            page.awaitTrue("document.querySelectorAll('#log .message').length === " + SENT
                    + " && document.querySelectorAll('#log .message.pending').length === 0");
            for (int i = 0; i < SENT; i++) {
                String line = "\"line " + i + "\"";
                other.awaitFrame(frame -> frame.contains(line));
                assertThat(other.got().stream().filter(frame -> frame.contains(line)))
                        .hasSize(1);
            }
            assertThat(page.texts("#log .message.failed")).isEmpty();
            other.close();
        }
    }
}
