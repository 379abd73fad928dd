package dev.muster.registry.mock;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What one incarnation of a node answers for in the backend: what is swept when it dies. */
final class Holdings {

    final Set<String> connections = new LinkedHashSet<>();
    final Set<Member> members = new LinkedHashSet<>();
    /** Watched groups, each with the link its publications go to. */
    final Map<String, Link> watches = new LinkedHashMap<>();
}
