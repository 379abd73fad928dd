package dev.muster.node.auth;

import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** JSON Web Tokens, RFC 7519, judged as RFC 8725 advises: the key decides on the algorithm, never the token. */
public final class JwtTokens implements Tokens {

    private final Keys keys;
    private final ClaimRules rules;
    private final Clock clock;

    JwtTokens(Keys keys, ClaimRules rules, Clock clock) {
        this.keys = keys;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public Future<Identity> verify(String token) {
        try {
            CompactToken parts = CompactToken.parse(token);
            List<VerificationKey> candidates = candidates(parts, keys.all());
            return candidates.isEmpty()
                    ? keys.lookAgain(parts.keyId()).map(all -> judge(parts, candidates(parts, all)))
                    : Future.succeededFuture(judge(parts, candidates));
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    @Override
    public void tick() {
        keys.tick();
    }

    /** Those that may have signed it: of the name it says, if it says one and the keys have names. */
    private static List<VerificationKey> candidates(CompactToken token, List<VerificationKey> all) {
        List<VerificationKey> candidates = new ArrayList<>();
        for (VerificationKey key : all) {
            if (token.keyId() == null || key.id() == null || key.id().equals(token.keyId())) {
                candidates.add(key);
            }
        }
        return candidates;
    }

    private Identity judge(CompactToken token, List<VerificationKey> candidates) {
        if (candidates.isEmpty()) {
            throw Tokens.refusal("unknown_key", "the token names a key that is not known here");
        }
        boolean rightAlgorithm = false;
        for (VerificationKey key : candidates) {
            if (token.isSignedBy(key)) {
                return Claims.judge(token.payload(), rules, clock.instant().getEpochSecond());
            }
            rightAlgorithm |= key.algorithm() == token.algorithm();
        }
        throw rightAlgorithm
                ? Tokens.refusal("bad_signature", "the signature is not by the key")
                : Tokens.refusal("alg_not_allowed", "the algorithm is not the key's");
    }
}
