package dev.muster.node.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Counts the HTTP server's answers against the requests it was given. Between that server and its encoder. */
final class Responses extends ChannelOutboundHandlerAdapter {

    private final Runnable afterLast;
    private int pending;
    private boolean begun;
    private boolean closing;
    private boolean installed;

    /**
     * @param afterLast called when the answer is written that the connection ends with
     */
    Responses(Runnable afterLast) {
        this.afterLast = afterLast;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        installed = true;
    }

    boolean isInstalled() {
        return installed;
    }

    /**
     * A request goes to the HTTP server.
     *
     * @param last whether the connection ends with its answer
     */
    void expect(boolean last) {
        pending++;
        closing |= last;
    }

    /** Requests without a whole answer. */
    int pending() {
        return pending;
    }

    /** Whether there is one request, and nothing of its answer was written yet. */
    boolean isUnanswered() {
        return pending == 1 && !begun;
    }

    // Whoever made the promise looks after it.
    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ChannelPromise written = promise;
        if (message instanceof HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                context.write(message, promise);
                return;
            }
            begun = true;
            if (closing) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (message instanceof LastHttpContent) {
            pending--;
            begun = false;
            if (closing && pending == 0) {
                written = promise.unvoid().addListener(last -> afterLast.run());
            }
        }
        context.write(message, written);
    }
}
