package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Feeds a decoder and writes down, one line each, what came out: {@code text:…}, {@code binary:<hex>}, … */
final class DecodedFrames implements FrameDecoder.Sink {

    static final int MAX_MESSAGE = 1000;
    static final int MAX_FRAGMENTS = 50;

    final List<String> events = new ArrayList<>();
    final FrameDecoder decoder;
    boolean paused;

    DecodedFrames() {
        this(MAX_MESSAGE);
    }

    DecodedFrames(int maxMessage) {
        decoder = new FrameDecoder(maxMessage, MAX_FRAGMENTS, FrameDecoder.tooBig(maxMessage));
    }

    /** What comes of bytes that arrive in pieces of {@code step}; the last event is the violation if there was one. */
    static List<String> of(byte[] bytes, int step) {
        DecodedFrames frames = new DecodedFrames();
        for (int at = 0; at < bytes.length; at += step) {
            if (!frames.feed(bytes, at, Math.min(bytes.length, at + step))) {
                break;
            }
        }
        return frames.events;
    }

    static List<String> of(byte[] bytes) {
        return of(bytes, Math.max(1, bytes.length));
    }

    boolean feed(byte[] bytes, int from, int to) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes, from, to - from);
        try {
            decoder.decode(in, this);
            return true;
        } catch (CloseException violation) {
            events.add("violation:" + violation.reason().code());
            return false;
        }
    }

    @Override
    public void message(boolean text, byte[] payload, int length) {
        events.add(
                text
                        ? "text:" + new String(payload, 0, length, StandardCharsets.UTF_8)
                        : "binary:" + HexFormat.of().formatHex(payload, 0, length));
    }

    @Override
    public void ping(byte[] payload) {
        events.add("ping:" + HexFormat.of().formatHex(payload));
    }

    @Override
    public void closeFrame(int code, String reason) {
        events.add("close:" + code + ":" + reason);
    }

    @Override
    public boolean paused() {
        return paused;
    }
}
