package dev.muster.registry.redis;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A call of a script in the making: keys and arguments in the order its header names them. */
final class Evaluation {

    private final Script script;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> arguments = new ArrayList<>();

    Evaluation(Script script) {
        this.script = script;
    }

    Evaluation key(String key) {
        keys.add(key.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Evaluation arg(String text) {
        arguments.add(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Evaluation arg(long number) {
        return arg(Long.toString(number));
    }

    Evaluation arg(byte[] bytes) {
        arguments.add(bytes);
        return this;
    }

    Evaluation arg(Buffer bytes) {
        return arg(bytes.getBytes());
    }

    /** By the script's SHA: the server has to have it. */
    Request request() {
        return fill(Request.cmd(Command.EVALSHA).arg(script.sha()));
    }

    /** With the script's text. */
    Request requestWithText() {
        return fill(Request.cmd(Command.EVAL).arg(script.text()));
    }

    private Request fill(Request request) {
        request.arg(keys.size());
        keys.forEach(request::arg);
        arguments.forEach(request::arg);
        return request;
    }
}
