package dev.muster.node.cluster;

import java.util.List;

/** A client of any wire, as the matrix sees it. */
interface Talker {

    void say(MatrixWire.Said said);

    /** All it was told so far, in the notation of {@link MatrixWire}. */
    List<String> heard();

    void close();
}
