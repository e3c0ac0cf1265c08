package dev.gamut.vector.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.convert.Decoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An operand of a narrow type, read as F32 numbers: codes are decoded run by run along whichever stride is 1, then scaled.
 * Each number is rounded once at most, by its scale factor. Bound to the memory of one run; one thread at a time.
 *
 * @param <A> array that holds codes
 */
final class Codes<A> {
    /** Elements decoded at a time from a segment: their codes stay in L1. */
    private static final int PIECE = 2048;

    private final DType type;
    private final long rowStride;
    private final long colStride;
    private final long batchStride;
    private final Decoder<A> decoder;
    private final Scales scales;
    private A array;
    private MemorySegment segment;
    private long offset;

    /**
     * The reader of a matrix.
     *
     * @param desc the matrix
     * @param transposed whether that is the transpose of what a run gives
     */
    @SuppressWarnings("unchecked")
    Codes(MatrixDesc desc, boolean transposed) {
        type = desc.type();
        rowStride = desc.rowStride();
        colStride = desc.colStride();
        batchStride = desc.batchStride();
        decoder = (Decoder<A>) Decoder.of(type);
        scales = desc.scaling().hasScales() ? new Scales(desc.scaling(), transposed) : null;
    }

    /** Points at a run's memory. */
    @SuppressWarnings("unchecked")
    void bind(Operand operand) {
        boolean held = Operand.holds(operand.array(), type);
        array = held ? (A) operand.array() : null;
        segment = held ? null : operand.segment();
        offset = operand.offset();
        if (scales != null) {
            scales.bind(operand.tensor());
        }
    }

    /** Forgets it. */
    void release() {
        array = null;
        segment = null;
        if (scales != null) {
            scales.release();
        }
    }

    /**
     * Reads a block: element (o, i) is that at (row + o, col + i), or at (row + i, col + o) by columns, and goes to
     * dst[d0 + o·ld + i].
     *
     * @param e matrix of the batch
     * @param row first row
     * @param col first column
     * @param byColumns whether the outer index counts columns
     * @param outer rows, or columns by columns
     * @param inner the others
     * @param dst numbers
     * @param d0 where they begin
     * @param ld elements between two of the outer index
     * @param workspace for codes and for a run that is scattered
     * @param slot number of the scratch arrays
     */
    void read(
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            float[] dst,
            int d0,
            int ld,
            Workspace workspace,
            int slot) {
        long outerStride = byColumns ? colStride : rowStride;
        long innerStride = byColumns ? rowStride : colStride;
        long at = offset + e * batchStride + row * rowStride + col * colStride;
        if (innerStride == 1 || inner == 1 || outerStride != 1) {
            int length = innerStride == 1 ? inner : 1;
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i += length) {
                    int to = d0 + o * ld + i;
                    decode(at + o * outerStride + i * innerStride, length, dst, to, workspace, slot);
                    scale(e, row, col, byColumns, o, i, length, dst, to);
                }
            }
            return;
        }
        float[] run = workspace.floats(slot, outer);
        for (int i = 0; i < inner; i++) {
            decode(at + i * innerStride, outer, run, 0, workspace, slot);
            scale(e, row, col, !byColumns, i, 0, outer, run, 0);
            for (int o = 0, to = d0 + i; o < outer; o++, to += ld) {
                dst[to] = run[o];
            }
        }
    }

    /** Scales a run that begins at (row + o, col + i) and goes on along columns, or at (row + i, col + o) along rows. */
    private void scale(long e, long row, long col, boolean alongRows, int o, int i, int length, float[] x, int at) {
        if (scales != null) {
            scales.apply(e, row + (alongRows ? i : o), col + (alongRows ? o : i), alongRows, length, x, at);
        }
    }

    @SuppressWarnings("unchecked")
    private void decode(long at, int n, float[] dst, int d, Workspace workspace, int slot) {
        if (array != null) {
            decoder.decode(array, (int) at, dst, d, n);
            return;
        }
        for (int i = 0; i < n; i += PIECE) {
            int count = Math.min(PIECE, n - i);
            long first = at + i;
            if (type.bits() == 16) {
                short[] codes = workspace.shorts(slot, PIECE);
                MemorySegment.copy(segment, ValueLayout.JAVA_SHORT_UNALIGNED, 2 * first, codes, 0, count);
                decoder.decode((A) codes, 0, dst, d + i, count);
            } else {
                byte[] codes = workspace.bytes(slot, PIECE);
                int perByte = 8 / type.bits();
                long from = first / perByte;
                int bytes = (int) ((first + count - 1) / perByte - from + 1);
                MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, codes, 0, bytes);
                decoder.decode((A) codes, (int) (first % perByte), dst, d + i, count);
            }
        }
    }
}
