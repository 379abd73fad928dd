package dev.muster.node.transport;

import io.netty.buffer.ByteBuf;

/** Finds where a request's head ends, and refuses early what can never become one. */
final class HeadScanner {

    /** Method, version and blanks of the request line. */
    private static final int BESIDE_TARGET = 64;

    private HeadScanner() {}

    /**
     * The bytes from the reader index of {@code in}, which may move over empty lines, to the end of the head.
     *
     * @param scanned how many of them an earlier call has seen
     * @return the length with the empty line that ends it, or -1 if its end is not here yet
     */
    static int length(ByteBuf in, int scanned, HttpLimits limits) throws RequestHead.Malformed {
        if (scanned == 0) {
            skipEmptyLines(in);
        }
        if (!in.isReadable()) {
            return -1;
        }
        int start = in.readerIndex();
        int first = in.getUnsignedByte(start);
        if (!RequestHead.isTokenChar(first) && first != '\r') {
            throw new RequestHead.Malformed(400, "this is an http port, and that is no http request");
        }
        // Three bytes back: the end may have begun in what was here before.
        int at = Math.max(start, start + scanned - 3);
        boolean firstLine = in.indexOf(start, at, (byte) '\n') < 0;
        while (true) {
            int end = in.indexOf(at, in.writerIndex(), (byte) '\n');
            int seen = (end < 0 ? in.writerIndex() : end) - start;
            if (firstLine && seen > limits.maxUriBytes() + BESIDE_TARGET) {
                throw new RequestHead.Malformed(414, "the target has at most " + limits.maxUriBytes() + " bytes");
            }
            if (seen > limits.maxHeaderBytes()) {
                throw new RequestHead.Malformed(
                        431, "request line and headers have at most " + limits.maxHeaderBytes() + " bytes");
            }
            if (end < 0) {
                return -1;
            }
            if (end == start || in.getByte(end - 1) != '\r') {
                throw new RequestHead.Malformed(400, "lines must end with CR LF");
            }
            if (end - start >= 3 && in.getByte(end - 2) == '\n') {
                return end + 1 - start;
            }
            firstLine = false;
            at = end + 1;
        }
    }

    /** RFC 9112 §2.2 allows them before a request, for the sake of old clients. */
    private static void skipEmptyLines(ByteBuf in) {
        while (in.readableBytes() >= 2
                && in.getByte(in.readerIndex()) == '\r'
                && in.getByte(in.readerIndex() + 1) == '\n') {
            in.skipBytes(2);
        }
    }
}
