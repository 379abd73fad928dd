package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Spaces behind nginx, with the configuration of the project: three nodes that look like one. */
class SyncProxyIT {

    private Browser page;
    private Cluster cluster;
    private NginxProcess nginx;

    @BeforeEach
    void start() {
        // First what may not be there: nothing is started in vain.
        page = new Browser(1280, 800);
        cluster = new Cluster(Cluster.Kind.REDIS, 3);
        nginx = new NginxProcess(cluster.ports());
    }

    @AfterEach
    void stop() {
        page.close();
        if (nginx != null) {
            nginx.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private String url(String path) {
        return "http://" + nginx.authority() + path;
    }

    private void awaitRow(String label) {
        Patience.await(label + " is a row").until(() -> page.texts(".row-label").contains(label));
    }

    /** How many clients of spaces a node has. */
    private static long clients(MusterProcess node) {
        return node.get("/metrics", "Accept", "text/plain")
                .body()
                .lines()
                .filter(line -> line.startsWith("muster_sync_clients"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    @DisplayName("an inspector shows what others do, and goes on from another node when its own is killed")
    void survives() {
        page.open(url("/inspector")).awaitTrue("state.dataset.state === 'open'");
        Patience.await("one node has the page")
                .until(() ->
                        cluster.nodes().stream().mapToLong(SyncProxyIT::clients).sum() == 1);
        MusterProcess its = cluster.nodes().stream()
                .filter(node -> clients(node) == 1)
                .findFirst()
                .orElseThrow();
        MusterProcess another =
                cluster.nodes().stream().filter(node -> node != its).findFirst().orElseThrow();
        try (SpaceClient other = new SpaceClient(another.ws(""))) {
            String boat = other.spawn("Boat");
            awaitRow("Boat");
            page.eval("[...document.querySelectorAll('.row')].find((row) => row.textContent.includes('Boat')).click()");
            page.awaitTrue("document.getElementById('entity-title').textContent === 'Boat'");

            page.watchState();
            its.signal("KILL");
            page.awaitBreak();
            // What is on the page stays, and what happens meanwhile is not missed.
            assertThat(page.texts(".row-label")).contains("Boat");
            other.set(boat, "Name", new JsonObject().put("name", "Ship"));
            other.spawn("Buoy");
            page.awaitTrue("state.dataset.state === 'open'");
            awaitRow("Ship");
            awaitRow("Buoy");
            page.awaitTrue("document.getElementById('entity-title').textContent === 'Ship'");
            assertThat(page.texts(".row-label")).containsExactlyInAnyOrder("Ship", "Buoy");

            // And it is a page like before: what is changed in it comes to the others.
            other.watch("*");
            page.eval(
                    "(() => { const input = document.querySelector('.card input'); input.focus(); input.select(); })()");
            page.type("Frigate").enter();
            other.await(
                    "the new name",
                    each -> each.items("update", boat, "Name").stream()
                            .anyMatch(item -> item.getJsonObject("value")
                                    .getString("name")
                                    .equals("Frigate")));
        }
    }

    @Test
    @DisplayName("the parts of the pages, the schema and the figures come through as they are")
    void parts() {
        for (String path : List.of("/client/muster-sync.js", "/client/muster-sync.d.ts", "/inspector", "/world")) {
            HttpResponse<String> direct = cluster.node(0).get(path);
            HttpResponse<String> through = MusterProcess.getFrom(nginx.authority(), path);
            assertThat(through.statusCode()).as(path).isEqualTo(200);
            assertThat(through.body()).as(path).isEqualTo(direct.body());
            for (String header : List.of("Content-Type", "ETag", "Cache-Control", "X-Content-Type-Options")) {
                assertThat(through.headers().firstValue(header))
                        .as(path + " " + header)
                        .isEqualTo(direct.headers().firstValue(header));
            }
            String tag = through.headers().firstValue("ETag").orElseThrow();
            assertThat(MusterProcess.getFrom(nginx.authority(), path, "If-None-Match", tag)
                            .statusCode())
                    .isEqualTo(304);
        }
        JsonObject schema = new JsonObject(
                MusterProcess.getFrom(nginx.authority(), "/sync/schema").body());
        assertThat(schema.getJsonObject("$defs").fieldNames()).contains("Name", "Position");
        JsonObject figures = new JsonObject(
                MusterProcess.getFrom(nginx.authority(), "/api/cluster").body());
        assertThat(figures.getJsonArray("nodes")).hasSize(3);
        // Where it may connect to is said in terms of what was asked, which is nginx and not the node behind it.
        assertThat(MusterProcess.getFrom(nginx.authority(), "/world")
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElse(""))
                .contains("connect-src 'self' ws://127.0.0.1:*");
        page.open(url("/cluster"));
        Patience.await("three nodes").until(() -> page.texts("#nodes li").size() == 3);
        page.open(url("/world"))
                .awaitTrue(
                        "[...document.querySelectorAll('.view .state')].every((each) => each.dataset.state === 'open')");
        assertThat(page.complaints).isEmpty();
    }
}
