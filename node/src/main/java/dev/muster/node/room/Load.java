package dev.muster.node.room;

/**
 * What the event loops of a node have had to deliver to members of rooms.
 *
 * @param delivered frames offered to members so far
 * @param dropped events given up so far because a loop was too far behind; once for each room and loop
 * @param waitingBytes bytes of events that wait for a loop now
 * @param mostWaitingBytes those of the loop for which most wait
 */
public record Load(long delivered, long dropped, long waitingBytes, long mostWaitingBytes) {}
