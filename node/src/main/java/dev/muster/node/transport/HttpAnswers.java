package dev.muster.node.transport;

import dev.muster.node.connection.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** The answers that are given without the HTTP server. */
final class HttpAnswers {

    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";

    private HttpAnswers() {}

    /** RFC 6455 §4.2.2. */
    static ByteBuf switching(ByteBufAllocator allocator, String accept) {
        ByteBuf answer = allocator.directBuffer(SWITCHING.length() + accept.length() + 4);
        answer.writeCharSequence(SWITCHING, StandardCharsets.US_ASCII);
        answer.writeCharSequence(accept, StandardCharsets.US_ASCII);
        answer.writeCharSequence("\r\n\r\n", StandardCharsets.US_ASCII);
        return answer;
    }

    /**
     * An error, after which the connection ends.
     *
     * @param header a header line without its end, or nothing
     */
    static ByteBuf error(ByteBufAllocator allocator, String method, String path, Refusal refusal, String header) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(refusal.status());
        byte[] body = HttpErrors.body(
                refusal.status(), String.valueOf(refusal.getMessage()), path, method, refusal.details());
        String head = "HTTP/1.1 " + status.code() + " " + status.reasonPhrase()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n" + (header.isEmpty() ? "" : header + "\r\n") + "\r\n";
        ByteBuf answer = allocator.directBuffer(head.length() + body.length);
        answer.writeCharSequence(head, StandardCharsets.ISO_8859_1);
        return method.equals("HEAD") ? answer : answer.writeBytes(body);
    }
}
