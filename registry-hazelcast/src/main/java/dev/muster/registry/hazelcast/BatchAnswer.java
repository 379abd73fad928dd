package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The answers to a {@link GroupBatch}, in its order; none at all if the owner refused the batch as a whole. */
final class BatchAnswer implements IdentifiedDataSerializable {

    private List<OpAnswer> answers;

    /** For deserialization, and for a refusal: the caller is not, or no more, a live node of the cluster. */
    BatchAnswer() {
        this(List.of());
    }

    BatchAnswer(List<OpAnswer> answers) {
        this.answers = answers;
    }

    boolean refused() {
        return answers.isEmpty();
    }

    OpAnswer get(int i) {
        return answers.get(i);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeInt(answers.size());
        for (OpAnswer answer : answers) {
            answer.write(out);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        int size = in.readInt();
        List<OpAnswer> read = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            read.add(OpAnswer.read(in));
        }
        answers = read;
    }

    static BatchAnswer read(ObjectDataInput in) throws IOException {
        BatchAnswer answer = new BatchAnswer();
        answer.readData(in);
        return answer;
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.BATCH_ANSWER;
    }
}
