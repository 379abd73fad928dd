package dev.muster.node.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of raw TCP that reads all the time. */
final class TcpTalker implements Talker {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    /** Kept: one that nobody holds is closed by the garbage collector, with its sockets. */
    private final NetClient sockets;

    private final NetSocket socket;
    private Buffer unread = Buffer.buffer();

    TcpTalker(Cluster cluster, int node) {
        int port = cluster.node(node).tcpPort().orElseThrow();
        sockets = cluster.vertx.createNetClient();
        socket = Client.get(sockets.connect(port, "127.0.0.1"));
        socket.handler(this::read);
    }

    private void read(Buffer bytes) {
        unread.appendBuffer(bytes);
        while (unread.length() >= 8 && unread.length() >= 8 + unread.getLongLE(0)) {
            int end = 8 + (int) unread.getLongLE(0);
            heard.add(PacketBytes.heard(unread.getBytes(0, end)));
            unread = unread.getBuffer(end, unread.length());
        }
    }

    @Override
    public void say(MatrixWire.Said said) {
        Client.get(socket.write(Buffer.buffer(said.binaryFrame())));
    }

    @Override
    public List<String> heard() {
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        Client.get(socket.close());
        Client.get(sockets.close());
    }
}
