package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Runs of codes of one operand, decoded to F32 numbers from an array or a segment. Bound to the memory of one run; threads share
 * it, each with a workspace of its own.
 *
 * @param <A> array that holds codes
 */
public final class CodeSource<A> {
    /** Elements decoded at a time from a segment: their codes stay in L1. */
    private static final int PIECE = 2048;

    private final DType type;
    private final Decoder<A> decoder;
    private A array;
    private MemorySegment segment;
    private long offset;

    /**
     * For operands of a type.
     *
     * @param type one that {@link Decoder#decodes}
     */
    @SuppressWarnings("unchecked")
    public CodeSource(DType type) {
        this.type = type;
        this.decoder = (Decoder<A>) Decoder.of(type);
    }

    /**
     * Points at a run's memory. Arrays are indexed by {@code int}: one with more elements than that, of 4 bits, is read as a segment.
     *
     * @param operand of this type
     */
    @SuppressWarnings("unchecked")
    public void bind(Operand operand) {
        boolean held = Operand.holds(operand.array(), type) && operand.capacity(type) <= Integer.MAX_VALUE;
        array = held ? (A) operand.array() : null;
        segment = held ? null : operand.segment();
        offset = operand.offset();
    }

    /** Forgets it. */
    public void release() {
        array = null;
        segment = null;
    }

    /** The array of codes, or null where they are in a segment. */
    public A array() {
        return array;
    }

    /** The segment of codes, or null where they are in an array. */
    public MemorySegment segment() {
        return segment;
    }

    /** Index of the operand's first element. */
    public long offset() {
        return offset;
    }

    /** Elements in a byte, or 1. */
    public int perByte() {
        return Math.max(1, 8 / type.bits());
    }

    /**
     * Decodes neighbouring elements.
     *
     * @param first counted from the operand's first one
     * @param n how many
     * @param dst numbers
     * @param d where the first one goes
     * @param workspace for codes from a segment
     * @param slot number of the scratch array for them
     */
    @SuppressWarnings("unchecked")
    public void read(long first, int n, float[] dst, int d, Workspace workspace, int slot) {
        long at = offset + first;
        if (array != null) {
            decoder.decode(array, (int) at, dst, d, n);
            return;
        }
        for (int i = 0; i < n; i += PIECE) {
            int count = Math.min(PIECE, n - i);
            if (type.bits() == 16) {
                short[] codes = workspace.shorts(slot, PIECE);
                MemorySegment.copy(segment, ValueLayout.JAVA_SHORT_UNALIGNED, 2 * (at + i), codes, 0, count);
                decoder.decode((A) codes, 0, dst, d + i, count);
            } else {
                byte[] codes = workspace.bytes(slot, PIECE);
                long from = (at + i) / perByte();
                int bytes = (int) ((at + i + count - 1) / perByte() - from + 1);
                MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, codes, 0, bytes);
                decoder.decode((A) codes, (int) ((at + i) % perByte()), dst, d + i, count);
            }
        }
    }
}
