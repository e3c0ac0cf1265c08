package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.codec.CodeSource;
import dev.gamut.vector.codec.Decoder;
import java.lang.foreign.MemorySegment;

/**
 * An operand as leaves want it: a piece at a time in a Java array of the accumulator. An array is used where it lies;
 * segments (which may hold more elements than an array can), narrower types and rows that are neither dense nor a
 * multiple of 64 columns are copied into scratch memory first.
 *
 * @param <A> array type of the accumulator
 */
final class Source<A> {
    private final Arithmetic<A> arithmetic;
    private final DType type;
    private final int slot;
    /** Codes of a narrow type, else null. */
    private final CodeSource<?> codes;

    private A own;
    private Object other;
    private MemorySegment segment;
    private long offset;

    /** Where the piece asked for last lies: its row r and column c at {@code array[at + r * step + c]}. */
    A array;

    int at;
    int step;

    Source(Arithmetic<A> arithmetic, DType type, int slot) {
        this.arithmetic = arithmetic;
        this.type = type;
        this.slot = slot;
        this.codes = Decoder.decodes(type) ? new CodeSource<>(type) : null;
    }

    void bind(Operand operand) {
        if (codes != null) {
            codes.bind(operand);
            return;
        }
        other = operand.array();
        own = arithmetic.own(other);
        segment = operand.segmentOrNull();
        offset = operand.offset();
    }

    void release() {
        if (codes != null) {
            codes.release();
        }
        other = null;
        own = null;
        segment = null;
        array = null;
    }

    /** Whether the operand is an array of the accumulator. */
    boolean isArray() {
        return own != null;
    }

    /** The operand's array, {@link #at} set to where an element lies in it. */
    A array(long first) {
        at = (int) (offset + first);
        return own;
    }

    /**
     * Gives access to a piece.
     *
     * @param first element index of its corner
     * @param stride elements between rows
     * @param rows at least 1
     * @param cols neighbouring elements in a row
     * @param workspace for a copy
     */
    void open(long first, long stride, int rows, int cols, Workspace workspace) {
        boolean dense = stride == cols || rows == 1;
        if (own != null && (dense || cols % Rows.WIDTH == 0)) {
            array = own;
            at = (int) (offset + first);
            step = dense ? cols : (int) stride;
            return;
        }
        array = arithmetic.scratch(workspace, slot, rows * cols);
        at = 0;
        step = cols;
        if (dense) {
            copy(first, 0, rows * cols, workspace);
        } else {
            for (int r = 0; r < rows; r++) {
                copy(first + r * stride, r * cols, cols, workspace);
            }
        }
    }

    private void copy(long first, int to, int count, Workspace workspace) {
        if (codes != null) {
            arithmetic.decode(codes, first, array, to, count, workspace, slot);
        } else if (segment != null) {
            arithmetic.read(segment, type, offset + first, array, to, count);
        } else {
            arithmetic.read(other, offset + first, array, to, count);
        }
    }
}
