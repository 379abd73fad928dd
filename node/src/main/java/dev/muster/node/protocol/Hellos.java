package dev.muster.node.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.session.Hello;
import dev.muster.node.session.Miss;
import java.io.IOException;

/** What a client is told when it comes in, as JSON. */
public final class Hellos {

    private Hellos() {}

    /**
     * The members of an object that the wire has begun.
     *
     * @throws IOException never, when writing to memory
     */
    public static void write(Hello hello, JsonGenerator generator) throws IOException {
        if (hello.resume() != null) {
            generator.writeStringField("resume", hello.resume());
            generator.writeNumberField("resumeTtl", hello.resumeTtl());
        }
        Boolean recovered = hello.recovered();
        if (recovered != null) {
            generator.writeBooleanField("recovered", recovered);
        }
        Miss reason = hello.reason();
        if (reason != null) {
            generator.writeStringField("reason", reason.code());
        }
        generator.writeStringField("position", hello.position().toString());
    }

    /** A frame of its own, for wires whose first frame has no place for it. */
    public static String frame(Hello hello) {
        return Json.text(generator -> {
            generator.writeStringField("type", "SESSION");
            write(hello, generator);
        });
    }
}
