package dev.muster.node.cluster;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A blocking client of the TCP port. */
final class TcpClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    TcpClient(int port) {
        try {
            socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    TcpClient send(byte[]... parts) {
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                all.writeBytes(part);
            }
            socket.getOutputStream().write(all.toByteArray());
            return this;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Sends something that may find the connection closed already. */
    void sendIfOpen(byte[]... parts) {
        try {
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
            }
        } catch (IOException closed) {
            // as it may be
        }
    }

    TcpClient send(String latin1) {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next packet, {@code name: text}. */
    String heard() {
        try {
            byte[] length = in.readNBytes(8);
            byte[] packet = in.readNBytes((int) Unpooled.wrappedBuffer(length).readLongLE());
            return PacketBytes.heard(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(length, packet)));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The next bytes. */
    byte[] raw(int count) {
        try {
            return in.readNBytes(count);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Everything until the server has closed, and that it does. */
    String rest() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "reset";
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Ends with a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
