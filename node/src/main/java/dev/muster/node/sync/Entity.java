package dev.muster.node.sync;

import dev.muster.node.shape.DecimalText;

/**
 * The id of a thing in a space. Unique in the cluster and never used again.
 *
 * @param bits an unsigned integer of 64 bits; all ones stands for "one that is still to be made" and is no entity
 */
@DecimalText
public record Entity(long bits) implements Comparable<Entity> {

    /** On a wire: spawn a new one. */
    public static final Entity NEW = new Entity(-1);

    /** The most digits that 64 bits need. */
    private static final int MAX_DIGITS = 20;

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if it is no unsigned decimal number of 64 bits
     */
    public static Entity parse(String text) {
        if (!text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            try {
                return new Entity(Long.parseUnsignedLong(text));
            } catch (NumberFormatException tooLarge) {
                // said below
            }
        }
        throw new IllegalArgumentException("an entity is a decimal number from 0 to 18446744073709551615");
    }

    @Override
    public int compareTo(Entity other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    /** An unsigned decimal number. */
    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
