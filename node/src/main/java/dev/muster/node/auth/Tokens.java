package dev.muster.node.auth;

import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;

/** Tells what a token says, if it is one that counts here. */
public interface Tokens {

    /** Fails with a {@link Refusal} of 401 that names what is wrong with the token, and nothing else of it. Any thread. */
    Future<Identity> verify(String token);

    /** To be called each second or so: keys change. */
    default void tick() {}

    /** Why a token is refused: a word for programs, then a sentence. */
    static Refusal refusal(String code, String sentence) {
        return Refusal.unauthorized("token", code + ": " + sentence);
    }
}
