package dev.muster.registry.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A look at the server from outside the registry: blocking, one command at a time. Answers are strings (bulk and simple
 * ones, by Latin-1, so that bytes survive), longs, lists or null; an error reply is an exception.
 */
final class RedisClient implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RedisClient(int port) {
        try {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new BufferedOutputStream(socket.getOutputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** An error reply. */
    static final class ErrorReply extends RuntimeException {
        ErrorReply(String message) {
            super(message);
        }
    }

    /** Arguments are strings (as UTF-8), byte arrays, or anything with a sensible {@code toString}. */
    Object call(Object... arguments) {
        try {
            write("*" + arguments.length + "\r\n");
            for (Object argument : arguments) {
                byte[] bytes = argument instanceof byte[] raw
                        ? raw
                        : argument.toString().getBytes(StandardCharsets.UTF_8);
                write("$" + bytes.length + "\r\n");
                out.write(bytes);
                write("\r\n");
            }
            out.flush();
            return read();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String text(Object... arguments) {
        return String.valueOf(call(arguments));
    }

    long number(Object... arguments) {
        return (Long) call(arguments);
    }

    @SuppressWarnings("unchecked") // all answers of the commands used with it are lists of strings
    List<String> list(Object... arguments) {
        return (List<String>) (List<?>) (List<Object>) call(arguments);
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.parseLong(rest);
            case '-' -> throw new ErrorReply(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("unexpected reply " + line);
        };
    }

    private Object bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        in.readNBytes(2);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private List<Object> array(int size) throws IOException {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(read());
        }
        return items;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server closed the connection");
            }
            line.append((char) next);
        }
        in.read();
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
