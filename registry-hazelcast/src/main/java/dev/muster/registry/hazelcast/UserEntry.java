package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The connections of one user, each with the incarnation that said so. An index: the records decide. */
final class UserEntry implements IdentifiedDataSerializable {

    private final Map<String, Long> connections = new LinkedHashMap<>();

    Set<String> connections() {
        return connections.keySet();
    }

    boolean isEmpty() {
        return connections.isEmpty();
    }

    void add(String connectionId, long incarnation) {
        connections.put(connectionId, incarnation);
    }

    boolean remove(String connectionId, long incarnation) {
        return connections.remove(connectionId, incarnation);
    }

    boolean removeAllOf(long incarnation) {
        return connections.values().removeIf(holder -> holder == incarnation);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeInt(connections.size());
        for (Map.Entry<String, Long> entry : connections.entrySet()) {
            out.writeString(entry.getKey());
            out.writeLong(entry.getValue());
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            connections.put(Wire.string(in), in.readLong());
        }
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.USER;
    }
}
