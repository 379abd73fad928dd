package dev.muster.registry.hazelcast;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What Hazelcast's failures mean to the caller of an operation. */
final class Failures {

    private Failures() {}

    static RegistryException of(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof CompletionException || cause instanceof ExecutionException)) {
            cause = cause.getCause();
        }
        if (cause instanceof RegistryException known) {
            return known;
        }
        if (cause instanceof SplitBrainProtectionException) {
            return new RegistryException(Reason.UNAVAILABLE, "no quorum: too few nodes are in the cluster", cause);
        }
        if (cause instanceof HazelcastInstanceNotActiveException) {
            return new RegistryException(Reason.UNAVAILABLE, "the Hazelcast member is not running", cause);
        }
        if (cause instanceof OperationTimeoutException
                || cause instanceof MemberLeftException
                || cause instanceof IndeterminateOperationStateException) {
            return new RegistryException(Reason.TIMEOUT, "a node went away meanwhile: it may have happened", cause);
        }
        return new RegistryException(Reason.UNAVAILABLE, "Hazelcast refused the operation: " + cause, cause);
    }

    static RegistryException refused() {
        return new RegistryException(Reason.UNAVAILABLE, "this node lost its place in the cluster and is coming back");
    }
}
