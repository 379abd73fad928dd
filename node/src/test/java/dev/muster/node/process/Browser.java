package dev.muster.node.process;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A headless Chromium with one page, driven over the DevTools protocol: nothing but what the JDK has is needed. */
final class Browser implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ENDPOINT = "DevTools listening on ";

    /** What the page complained about: exceptions, errors on its console, and what its policy forbade. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    private final TemporaryFolder profile;
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final String session;

    Browser(int width, int height) {
        Path chromium = Requirement.program(
                "Chromium", List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"));
        profile = new TemporaryFolder("muster-chromium");
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            chromium.toString(),
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--user-data-dir=" + profile.path(),
                            "--remote-debugging-port=0",
                            "--window-size=" + width + "," + height,
                            "about:blank")
                    .redirectOutput(Lines.log("chromium-out").toFile());
            // What it keeps beside its profile goes with it.
            builder.environment().put("TMPDIR", profile.path().toString());
            process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Lines err = new Lines(process.getErrorStream(), Lines.log("chromium-err"));
        Patience.await("Chromium listens").until(() -> err.has(ENDPOINT));
        String line = err.all().stream()
                .filter(each -> each.contains(ENDPOINT))
                .findFirst()
                .orElseThrow();
        String url = line.substring(line.indexOf(ENDPOINT) + ENDPOINT.length()).trim();
        socket = HTTP.newWebSocketBuilder()
                .buildAsync(URI.create(url), new Ears())
                .join();
        session = attach();
        size(width, height, width < 600);
    }

    /** The mouse's left button at a place of the page, in CSS pixels: {@code mousePressed}, {@code mouseMoved}, {@code mouseReleased}. */
    Browser mouse(String event, double x, double y) {
        call(
                session,
                "Input.dispatchMouseEvent",
                new JsonObject()
                        .put("type", event)
                        .put("x", x)
                        .put("y", y)
                        .put("button", "left")
                        .put("buttons", event.equals("mouseReleased") ? 0 : 1)
                        .put("clickCount", 1));
        return this;
    }

    private String attach() {
        String target = call(null, "Target.createTarget", new JsonObject().put("url", "about:blank"))
                .getString("targetId");
        String attached = call(
                        null,
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true))
                .getString("sessionId");
        call(attached, "Runtime.enable", new JsonObject());
        call(attached, "Log.enable", new JsonObject());
        call(attached, "Page.enable", new JsonObject());
        return attached;
    }

    private JsonObject call(String inSession, String method, JsonObject parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        JsonObject command =
                new JsonObject().put("id", id).put("method", method).put("params", parameters);
        if (inSession != null) {
            command.put("sessionId", inSession);
        }
        synchronized (socket) {
            socket.sendText(command.encode(), true).join();
        }
        try {
            JsonObject got = answer.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
            if (got.containsKey("error")) {
                throw new AssertionError(method + ": " + got.getJsonObject("error"));
            }
            return got.getJsonObject("result");
        } catch (Exception failure) {
            throw new AssertionError(method, failure);
        }
    }

    // ---- the page ----

    Browser size(int width, int height, boolean mobile) {
        call(
                session,
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", mobile));
        return this;
    }

    Browser colours(String scheme) {
        JsonObject feature =
                new JsonObject().put("name", "prefers-color-scheme").put("value", scheme);
        call(session, "Emulation.setEmulatedMedia", new JsonObject().put("features", new JsonArray().add(feature)));
        return this;
    }

    Browser open(String url) {
        call(session, "Page.navigate", new JsonObject().put("url", url));
        awaitTrue("document.readyState === 'complete'");
        return this;
    }

    /** Has a script run in every page that is opened from now on, before its own. */
    Browser before(String script) {
        call(session, "Page.addScriptToEvaluateOnNewDocument", new JsonObject().put("source", script));
        return this;
    }

    /** From now on it is remembered if the page loses its connection, which may be back before anybody looks. */
    Browser watchState() {
        eval("globalThis.broke = false; new MutationObserver(() => { broke ||= state.dataset.state !== 'open'; })"
                + ".observe(state, { attributes: true, attributeFilter: ['data-state'] })");
        return this;
    }

    /** Waits until it has lost it since {@link #watchState}. */
    Browser awaitBreak() {
        return awaitTrue("broke");
    }

    /** The value of an expression. */
    Object eval(String expression) {
        JsonObject result = call(
                session,
                "Runtime.evaluate",
                new JsonObject()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (result.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.getJsonObject("exceptionDetails"));
        }
        return result.getJsonObject("result").getValue("value");
    }

    /** The texts of all elements that a selector finds. */
    List<String> texts(String selector) {
        JsonArray texts = (JsonArray)
                eval("[...document.querySelectorAll(" + quoted(selector) + ")].map(each => each.textContent)");
        List<String> all = new ArrayList<>();
        texts.forEach(text -> all.add(String.valueOf(text)));
        return all;
    }

    Browser awaitTrue(String expression) {
        Patience.await(expression).until(() -> Boolean.TRUE.equals(eval(expression)));
        return this;
    }

    Browser focus(String selector) {
        eval("document.querySelector(" + quoted(selector) + ").focus()");
        return this;
    }

    /** Types as a keyboard does, into whatever has the focus. */
    Browser type(String text) {
        call(session, "Input.insertText", new JsonObject().put("text", text));
        return this;
    }

    Browser enter() {
        return key("Enter", 13, "\r");
    }

    Browser escape() {
        return key("Escape", 27, null);
    }

    Browser key(String key) {
        return key(key, 0, null);
    }

    Browser tab() {
        return key("Tab", 9, null);
    }

    private Browser key(String key, int code, String text) {
        JsonObject down = new JsonObject()
                .put("type", text == null ? "rawKeyDown" : "keyDown")
                .put("key", key)
                .put("code", key)
                .put("windowsVirtualKeyCode", code);
        if (text != null) {
            down.put("text", text);
        }
        call(session, "Input.dispatchKeyEvent", down);
        call(session, "Input.dispatchKeyEvent", down.copy().put("type", "keyUp"));
        return this;
    }

    /** Keeps a picture of the page, for people to look at. */
    Browser picture(String name) {
        String png = call(session, "Page.captureScreenshot", new JsonObject()).getString("data");
        try {
            Path folder = Files.createDirectories(Path.of("target", "pictures"));
            Files.write(folder.resolve(name + ".png"), Base64.getDecoder().decode(png));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    static String quoted(String text) {
        return new JsonArray().add(text).encode().replaceAll("^\\[|]$", "");
    }

    @Override
    public void close() {
        socket.abort();
        List<ProcessHandle> children = process.descendants().toList();
        Signals.end(process);
        children.forEach(ProcessHandle::destroyForcibly);
        profile.close();
    }

    private final class Ears implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                message(new JsonObject(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void message(JsonObject message) {
            CompletableFuture<JsonObject> answer = answers.remove(message.getInteger("id", -1));
            if (answer != null) {
                answer.complete(message);
                return;
            }
            String method = message.getString("method", "");
            JsonObject parameters = message.getJsonObject("params", new JsonObject());
            if (method.equals("Runtime.exceptionThrown")) {
                complaints.add(parameters.encode());
            } else if (method.equals("Log.entryAdded")
                    && "error".equals(parameters.getJsonObject("entry").getString("level"))) {
                complaints.add(parameters.getJsonObject("entry").getString("text"));
            }
        }
    }
}
