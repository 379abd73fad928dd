package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The pages of a node that lets in nobody without a token. */
class TokenPagesIT {

    private static final String SECRET = "7c0b9f2e4d6a48c1b3e5f7a9d1c3e5f7";
    private static final String WANTED = "This node lets in who has a token.";

    private final List<String> tokens = new ArrayList<>();
    private Browser page;
    private MusterProcess node;

    @BeforeEach
    void start() {
        page = new Browser(1280, 800);
        node = MusterProcess.run(Map.of("JWT_SECRET", SECRET), "node", "--port", "0", "--registry", "memory")
                .awaitReady();
    }

    @AfterEach
    void stop() {
        page.close();
        if (node != null) {
            node.close();
        }
    }

    private String token(String user, String... more) {
        List<String> args = new ArrayList<>(List.of("token", "--user", user));
        args.addAll(List.of(more));
        try (MusterProcess process = MusterProcess.run(Map.of("JWT_SECRET", SECRET), args.toArray(new String[0]))) {
            assertThat(process.exitCode()).isZero();
            tokens.add(process.out().get(0));
            return process.out().get(0);
        }
    }

    private Browser open(String path) {
        return page.open("http://127.0.0.1:" + node.port() + path);
    }

    private void awaitBanner(String text) {
        page.awaitTrue("!document.getElementById('banner').hidden && !document.getElementById('give-token').hidden");
        Patience.await(text).until(() -> page.texts("#banner-text").equals(List.of(text)));
    }

    /** Into the dialog, as somebody does who has a keyboard. */
    private void give(String token) {
        page.focus("#give-token").enter();
        page.awaitTrue("document.activeElement.id === 'given-token'");
        page.type(token).enter();
    }

    private void awaitOpen() {
        page.awaitTrue("[...document.querySelectorAll('.state')].every((each) => each.dataset.state === 'open')");
        page.awaitTrue("document.getElementById('banner').hidden");
    }

    /** Wherever a token could be read later by somebody else. */
    private void nothingIsWrittenDown() {
        String kept = page.eval("location.href + document.referrer + JSON.stringify(localStorage) + document.cookie")
                + String.join("\n", page.texts("body"))
                + String.join("\n", node.out())
                + String.join("\n", node.err());
        for (String token : tokens) {
            assertThat(kept).doesNotContain(token);
        }
    }

    @Test
    @DisplayName("every page says that it needs a token, takes one, and has it for the others")
    void everyPage() {
        String alice = token("alice", "--roles", "stats");
        for (String path : List.of("/inspector", "/world", "/cluster")) {
            open(path);
            page.eval("sessionStorage.clear()");
            open(path);
            awaitBanner(WANTED);
            give(alice);
            awaitOpen();
            assertThat(page.eval("document.querySelectorAll('dialog[open]').length"))
                    .isEqualTo(0);
            nothingIsWrittenDown();
        }
        // Once given it is there, on each page and after a reload.
        for (String path : List.of("/inspector", "/world", "/cluster", "/inspector")) {
            open(path);
            awaitOpen();
        }
        nothingIsWrittenDown();
    }

    @Test
    @DisplayName("a token that is no good is refused in the dialog, and one without the role is told what it lacks")
    void refused() {
        String bob = token("bob");
        open("/cluster");
        awaitBanner(WANTED);
        give("a.b.c");
        page.awaitTrue(
                "document.getElementById('token-problem').textContent.startsWith('The node does not take this token')");
        page.awaitTrue("document.activeElement.getAttribute('aria-invalid') === 'true'");
        assertThat(page.eval("sessionStorage.length")).isEqualTo(0);
        page.eval("document.getElementById('given-token').value = ''");
        page.type(bob).enter();
        awaitBanner("These figures are for those whose token has the role “stats” or “admin”.");
        page.picture("token-wide-light");
        // Escape leaves everything as it was.
        page.focus("#give-token").enter().awaitTrue("document.activeElement.id === 'given-token'");
        page.escape().awaitTrue("document.querySelectorAll('dialog[open]').length === 0");
        open("/inspector");
        awaitOpen();
        nothingIsWrittenDown();
    }

    @Test
    @DisplayName(
            "a token that ends is renewed without a break; if it is not, the page says so and comes in with the next")
    void expiring() {
        String second = token("alice", "--lifetime", "1h");
        String first = token("alice", "--lifetime", "25s");
        open("/inspector");
        awaitBanner(WANTED);
        give(first);
        page.awaitTrue("state.dataset.state === 'open'");
        page.awaitTrue("/^The token ends in \\d+ s\\./.test(document.getElementById('banner-text').textContent)");
        page.eval("globalThis.states = []; new MutationObserver(() => states.push(state.dataset.state))"
                + ".observe(state, { attributes: true, attributeFilter: ['data-state'] });"
                + " document.getElementById('tab-frames').click()");
        give(second);
        Patience.await("the node takes it")
                .until(() -> page.texts(".frame").stream().anyMatch(frame -> frame.contains("\"expiresAt\"")));
        assertThat(page.eval("states.length")).isEqualTo(0);
        assertThat(page.texts(".frame")).noneMatch(frame -> frame.contains(second));
        nothingIsWrittenDown();

        String third = token("alice", "--lifetime", "15s");
        page.eval("sessionStorage.setItem('muster.token', " + Browser.quoted(third) + ")");
        open("/inspector").awaitTrue("state.dataset.state === 'open'");
        awaitBanner("The token has expired.");
        give(second);
        awaitOpen();
        nothingIsWrittenDown();
    }

    @Test
    @DisplayName(
            "a token is shown to another node only if somebody chooses that node, whatever an address or a space says")
    void otherNode() throws Exception {
        String alice = token("alice");
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ServerSocket stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread ears = new Thread(() -> listen(stranger, asked), "a stranger");
            ears.setDaemon(true);
            ears.start();
            open("/inspector");
            page.eval("sessionStorage.setItem('muster.token', " + Browser.quoted(alice) + ")");
            String authority = "127.0.0.1:" + stranger.getLocalPort();
            open("/world?other=" + authority);
            page.awaitTrue("document.querySelector('.state').dataset.state === 'open'");
            Patience.await("the other side asks there").until(() -> asked.size() >= 2);
            assertThat(asked)
                    .allMatch(line -> line.startsWith("GET /ws/sync?"))
                    .noneMatch(line -> line.contains(alice));
            int before = asked.size();
            page.eval("(() => { const select = document.querySelectorAll('select.node')[1];"
                    + " select.dispatchEvent(new Event('change')); })()");
            Patience.await("with the token now")
                    .until(() -> asked.stream().skip(before).anyMatch(line -> line.contains(alice)));
        }
    }

    /** Answers nothing, and writes down what it is asked. */
    private static void listen(ServerSocket server, List<String> asked) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                String line = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                        .readLine();
                if (line != null) {
                    asked.add(line);
                }
            } catch (IOException ended) {
                // Of the page, or of the test.
            }
        }
    }

    @Test
    @DisplayName("whose token it is stands beside the pages, and it can be exchanged and forgotten there")
    void exchanged() {
        String alice = token("alice", "--roles", "stats");
        String bob = token("bob", "--name", "Bob Ex");
        for (String path : List.of("/", "/inspector", "/world", "/cluster")) {
            open("/inspector");
            page.eval("sessionStorage.setItem('muster.token', " + Browser.quoted(alice) + ");"
                    + " localStorage.setItem('muster.name', 'Alice')");
            open(path)
                    .awaitTrue(
                            "[...document.querySelectorAll('.state')].every((each) => each.dataset.state === 'open')");
            assertThat(page.texts(".bar .whose")).containsExactly("Token of alice");
            page.size(390, 844, true).picture("token-narrow" + path.replace('/', '-'));
            assertThat(page.eval("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            page.size(1280, 800, false).focus(".bar .whose").enter();
            page.awaitTrue("document.activeElement.id === 'given-token'");
            page.type(bob).enter();
            Patience.await("the other name")
                    .until(() -> page.texts(".bar .whose").equals(List.of("Token of Bob Ex")));
            if (path.equals("/cluster")) {
                awaitBanner(
                        "These figures are for those whose token has the role \u201cstats\u201d or \u201cadmin\u201d.");
            } else {
                // Of another user, so it comes in anew.
                page.awaitTrue(
                        "[...document.querySelectorAll('.state')].every((each) => each.dataset.state === 'open')");
            }
            page.focus(".bar .whose").enter().awaitTrue("document.activeElement.id === 'given-token'");
            page.focus("#token-forget").enter();
            awaitBanner(WANTED);
            assertThat(page.eval("document.querySelector('.bar .whose').hidden"))
                    .isEqualTo(true);
            assertThat(page.eval("sessionStorage.length")).isEqualTo(0);
            nothingIsWrittenDown();
        }
    }

    /** While {@code hold} is set, sockets are made but begin to connect only when {@code late} is called. */
    private static final String HOLDING_BACK = """
            {
              const Real = WebSocket;
              globalThis.hold = false;
              globalThis.late = [];
              globalThis.WebSocket = function (url) {
                if (!hold) {
                  return new Real(url);
                }
                const held = new EventTarget();
                let real = null;
                let isClosed = false;
                held.send = (text) => real.send(text);
                held.close = (code) => {
                  isClosed = true;
                  real?.close(code);
                };
                late.push(() => {
                  real = isClosed ? null : new Real(url);
                  for (const type of ['open', 'message', 'close']) {
                    real?.addEventListener(type, ({ data, code, reason }) =>
                      held.dispatchEvent(Object.assign(new Event(type), { data, code, reason })));
                  }
                });
                return held;
              };
            }
            """;

    @Test
    @DisplayName("a token that is forgotten while the page connects does not come in all the same")
    void forgottenWhileConnecting() {
        String alice = token("alice");
        String bob = token("bob");
        page.before(HOLDING_BACK);
        for (String path : List.of("/", "/inspector")) {
            open("/cluster");
            page.eval("sessionStorage.setItem('muster.token', " + Browser.quoted(alice) + ");"
                    + " localStorage.setItem('muster.name', 'Alice')");
            open(path).awaitTrue("document.querySelector('.state').dataset.state === 'open'");
            page.eval("globalThis.hold = true");
            page.focus(".bar .whose").enter().awaitTrue("document.activeElement.id === 'given-token'");
            page.type(bob).enter();
            // Of another user, so it comes in anew: it would.
            page.awaitTrue("late.length === 1");
            page.eval("globalThis.hold = false");
            page.focus(".bar .whose").enter().awaitTrue("document.activeElement.id === 'given-token'");
            page.focus("#token-forget").enter();
            page.eval("late[0]()");
            awaitBanner(WANTED);
        }
    }

    @Test
    @DisplayName("a client with a function for its token goes on with the next one by itself, as long as there is one")
    void client() {
        String other = token("bob");
        List<String> all = List.of(token("alice", "--lifetime", "20s"), token("alice", "--lifetime", "25s"));
        open("/cluster");
        page.eval("globalThis.all = [" + Browser.quoted(all.get(0)) + ", " + Browser.quoted(all.get(1)) + "];"
                + " globalThis.states = []; globalThis.frames = []; globalThis.expiring = 0; globalThis.asked = 0;"
                + " import('/client/muster-sync.js').then(({ MusterSync }) => {"
                + "   globalThis.sync = new MusterSync({ token: async () => all[Math.min(asked++, 1)] });"
                + "   sync.addEventListener('state', ({ detail }) => states.push(detail.state));"
                + "   sync.addEventListener('frame', ({ detail }) => frames.push(detail.text));"
                + "   sync.addEventListener('expiring', () => expiring++);"
                + "   sync.connect(); })");
        // The first is renewed by the second, which ends soon as well, and then there is none.
        page.awaitTrue("globalThis.expiring === 1");
        assertThat(page.eval("states.join()")).isEqualTo("connecting,open");
        String frames = String.valueOf(page.eval("frames.join()"));
        assertThat(frames)
                .contains("{\"type\":\"AUTH\",\"token\":\"…\"", "\"expiresAt\"")
                .doesNotContain(all.get(1));
        String refused = "sync.refresh(" + Browser.quoted(other) + ").then(() => 'Ok', ({ status }) => status)";
        assertThat(page.eval(refused)).isEqualTo("forbidden");
        assertThat(page.eval("sync.state")).isEqualTo("open");
    }

    @Test
    @DisplayName("the chat asks for a token too, calls people as it does, and stays when it is renewed")
    void chat() {
        String later = token("zed");
        String ann = token("ann", "--name", "Ann Ex");
        String zed = token("zed", "--lifetime", "25s");
        open("/").awaitTrue("document.activeElement.id === 'name'");
        page.type("Zed").enter();
        awaitBanner(WANTED);
        give(zed);
        page.awaitTrue("state.dataset.state === 'open'");
        Patience.await("Zed is here").until(() -> page.texts("#people .name").contains("Zed"));
        awaitBanner("Your token ends soon. With a newer one you stay here.");
        page.eval("globalThis.states = []; new MutationObserver(() => states.push(state.dataset.state))"
                + ".observe(state, { attributes: true, attributeFilter: ['data-state'] })");
        give(later);
        page.awaitTrue("document.getElementById('banner').hidden");
        page.focus("#text").type("still here").enter();
        page.awaitTrue("document.querySelector('#log .message:not(.pending) .text')?.textContent === 'still here'");
        assertThat(page.eval("states.length")).isEqualTo(0);

        // Who is named by a token is called so, and cannot be called otherwise.
        page.eval("sessionStorage.setItem('muster.token', " + Browser.quoted(ann) + ")");
        open("/").awaitTrue("state.dataset.state === 'open'");
        Patience.await("Ann is here").until(() -> page.texts("#people .name").contains("Ann Ex"));
        assertThat(page.eval("document.getElementById('my-name').textContent")).isEqualTo("Ann Ex");
        assertThat(page.eval("document.getElementById('rename').hidden")).isEqualTo(true);
        assertThat(page.texts(".toast")).isEmpty();
        nothingIsWrittenDown();
    }
}
