package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The chat page in two browsers, on three nodes behind nginx. */
class ChatPageIT {

    private static final String SERVED_BY = "document.getElementById('node').textContent";

    private Cluster cluster;
    private NginxProcess nginx;
    private final List<Browser> browsers = new ArrayList<>();

    @BeforeEach
    void start() {
        // First what may not be there: nothing is started in vain.
        browsers.add(new Browser(1280, 800));
        browsers.add(new Browser(390, 844));
        cluster = new Cluster(Cluster.Kind.REDIS, 3);
        nginx = new NginxProcess(cluster.ports());
    }

    @AfterEach
    void stop() {
        browsers.forEach(Browser::close);
        if (nginx != null) {
            nginx.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private Browser join(int browser, String name) {
        Browser page = browsers.get(browser).open("http://" + nginx.authority() + "/");
        page.awaitTrue("document.activeElement.id === 'name'");
        page.type(name).enter();
        page.awaitTrue("document.getElementById('state').dataset.state === 'open'");
        awaitPerson(page, name);
        return page;
    }

    private static void say(Browser page, String text) {
        page.focus("#text").type(text).enter();
    }

    private static List<String> said(Browser page) {
        return page.texts("#log .message .text");
    }

    private static void awaitSaid(Browser page, String text) {
        Patience.await(text).until(() -> said(page).contains(text));
    }

    private static void awaitPerson(Browser page, String name) {
        Patience.await(name + " is here")
                .until(() -> page.texts("#people .name").contains(name));
    }

    private static void awaitGone(Browser page, String name) {
        Patience.await(name + " is gone")
                .until(() -> !page.texts("#people .name").contains(name));
    }

    /** Each worker of nginx counts for itself, so both may come to one node: then one comes again. */
    private void awaitOtherNode(Browser page, Browser other) {
        Patience.await("two nodes").until(() -> {
            if (nodeOf(page) != nodeOf(other)) {
                return true;
            }
            page.open("http://" + nginx.authority() + "/");
            page.awaitTrue("document.getElementById('state').dataset.state === 'open'");
            return false;
        });
    }

    private MusterProcess nodeOf(Browser page) {
        String text = String.valueOf(page.eval(SERVED_BY));
        return cluster.node(Integer.parseInt(text.replaceAll("\\D", "")) - 1);
    }

    @Test
    @DisplayName("people join by name, talk across nodes, see each other come and go, and lose nothing with a node")
    void talk() {
        Browser ann = join(0, "Ann");
        Browser bob = join(1, "B\u00f6b <b>");
        awaitOtherNode(bob, ann);
        awaitPerson(ann, "B\u00f6b <b>");
        awaitPerson(bob, "Ann");
        assertThat(ann.texts("#log .news")).contains("B\u00f6b <b> came in");

        say(ann, "hello <img src=x onerror=alert(1)>");
        awaitSaid(bob, "hello <img src=x onerror=alert(1)>");
        say(bob, "h\u00e9llo \ud83d\ude00");
        awaitSaid(ann, "h\u00e9llo \ud83d\ude00");
        assertThat(ann.eval("document.querySelectorAll('#log img').length")).isEqualTo(0);

        MusterProcess lost = nodeOf(ann);
        ann.watchState();
        lost.signal("KILL");
        ann.awaitBreak();
        say(ann, "while there was no connection");
        for (int i = 0; i < 20; i++) {
            say(bob, "number " + i);
        }
        awaitSaid(bob, "while there was no connection");
        ann.awaitTrue("document.getElementById('state').dataset.state === 'open'");
        say(bob, "marker");
        awaitSaid(ann, "marker");
        assertThat(nodeOf(ann)).isNotSameAs(lost);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            numbers.add("number " + i);
        }
        for (Browser page : List.of(ann, bob)) {
            List<String> all = said(page);
            assertThat(all).doesNotHaveDuplicates().contains("while there was no connection");
            assertThat(all.stream().filter(text -> text.startsWith("number "))).containsExactlyElementsOf(numbers);
        }

        bob.open("about:blank");
        awaitGone(ann, "B\u00f6b <b>");
        assertThat(ann.texts("#log .news")).contains("B\u00f6b <b> left");
    }

    @Test
    @DisplayName("the page is strict about what it may do, and is shown in light and dark, wide and narrow")
    void looks() {
        HttpResponse<String> page = MusterProcess.getFrom(nginx.authority(), "/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        Browser wide = browsers.get(0).colours("light");
        wide.open("http://" + nginx.authority() + "/").picture("name-wide-light");
        Browser ann = join(0, "Ann");
        Browser bob = join(1, "Bob");
        awaitPerson(ann, "Bob");
        say(ann, "Good morning! Is the new release out?");
        awaitSaid(bob, "Good morning! Is the new release out?");
        say(bob, "It is. Three nodes, no downtime.");
        awaitSaid(ann, "It is. Three nodes, no downtime.");
        cluster.node(0)
                .post("/api/notify", "{\"type\":\"warning\",\"title\":\"Maintenance\",\"message\":\"At noon.\"}");
        // Both before the pictures: it does not stay for ever.
        for (Browser each : List.of(ann, bob)) {
            each.awaitTrue("document.querySelectorAll('.toast').length === 1");
        }
        for (Browser each : List.of(ann, bob)) {
            String size = each == ann ? "wide" : "narrow";
            each.colours("light").picture("chat-" + size + "-light");
            each.colours("dark").picture("chat-" + size + "-dark");
        }
        bob.eval("document.getElementById('menu').click()");
        bob.picture("side-narrow-dark");
        assertThat(bob.eval("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat(ann.complaints).isEmpty();
        assertThat(bob.complaints).isEmpty();
    }
}
