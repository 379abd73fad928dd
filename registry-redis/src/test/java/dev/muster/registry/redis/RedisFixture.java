package dev.muster.registry.redis;

import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.tck.Backend;
import dev.muster.registry.tck.Links;
import dev.muster.registry.tck.LocalHost;
import dev.muster.registry.tck.NodeHost;
import dev.muster.registry.tck.RegistryFixture;
import dev.muster.registry.tck.TckNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A server of its own for each test. */
final class RedisFixture implements RegistryFixture, Links {

    private final RedisServer server = new RedisServer();
    private final RedisProvider provider = new RedisProvider();
    private final Map<String, LossyProxy> proxies = new ConcurrentHashMap<>();
    private final Map<String, String> more;

    RedisFixture() {
        this(Map.of());
    }

    /** @param more options of all nodes */
    RedisFixture(Map<String, String> more) {
        this.more = more;
    }

    @Override
    public RegistryProvider provider() {
        return provider;
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new HashMap<>(more);
        options.put(RedisSettings.URL, server.url());
        return options;
    }

    /** Each node of this process reaches the server through a proxy of its own. */
    @Override
    public NodeHost local(RegistryContext context) {
        LossyProxy proxy = proxies.computeIfAbsent(context.nodeName(), name -> new LossyProxy(server.port()));
        Map<String, String> options = new HashMap<>(context.options());
        options.put(RedisSettings.URL, proxy.url());
        return new LocalHost(provider.create(new RegistryContext(
                context.vertx(),
                context.namespace(),
                context.nodeName(),
                context.clock(),
                context.nanoTime(),
                context.timings(),
                context.maxPayload(),
                options)));
    }

    @Override
    public Backend backend() {
        return server;
    }

    @Override
    public Links links() {
        return this;
    }

    @Override
    public void cut(TckNode to) {
        String name = "name=" + RedisConnector.clientName(to.name(), RedisConnector.SUBSCRIBER) + " ";
        try (RedisClient client = server.client()) {
            for (String line : client.text("CLIENT", "LIST", "TYPE", "pubsub").split("\n")) {
                if (line.contains(name)) {
                    client.call("CLIENT", "KILL", "ID", line.replaceAll("^id=(\\d+) .*", "$1"));
                }
            }
        }
    }

    @Override
    public Loss lose(TckNode to) {
        LossyProxy proxy = proxies.get(to.name());
        proxy.lose(true);
        return () -> proxy.lose(false);
    }

    @Override
    public int traces(String namespace, String group) {
        String name = new String(group.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int traces = 0;
        try (RedisClient client = server.client()) {
            List<String> keys = client.list("KEYS", "*");
            for (String key : keys) {
                byte[] raw = key.getBytes(StandardCharsets.ISO_8859_1);
                if (!key.startsWith("{" + namespace + ":")) {
                    continue;
                }
                String rest = key.substring(key.indexOf('}') + 1);
                if (rest.charAt(0) == 'g') {
                    traces += client.list("SMEMBERS", raw).contains(name) ? 1 : 0;
                } else if (rest.charAt(0) == 'h') {
                    traces += client.list("HVALS", raw).stream()
                            .filter(held -> held.contains((char) name.length() + name))
                            .count();
                } else {
                    traces += rest.substring(1).equals(":" + name) ? 1 : 0;
                }
            }
        }
        return traces;
    }

    @Override
    public void close() {
        proxies.values().forEach(LossyProxy::close);
        server.close();
    }
}
