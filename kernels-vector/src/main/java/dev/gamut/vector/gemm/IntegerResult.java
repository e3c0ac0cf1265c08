package dev.gamut.vector.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.MatrixDesc;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * An integer C: alpha·sum + beta·C exactly, refused where its type cannot hold it. Bound to the memory of one run; threads
 * share it.
 */
final class IntegerResult {
    private final MatrixDesc desc;
    private final boolean transposed;
    private MemorySegment segment;
    private int[] ints;
    private long[] longs;
    private long offset;
    private long alpha;
    private long beta;

    /**
     * The result of a kernel.
     *
     * @param desc C
     * @param transposed whether that is the transpose of what a run gives
     */
    IntegerResult(MatrixDesc desc, boolean transposed) {
        this.desc = desc;
        this.transposed = transposed;
    }

    void bind(GemmArgs args) {
        alpha = (long) args.alpha();
        beta = (long) args.beta();
        Object array = args.c().array();
        boolean plain = alpha == 1 && beta == 0 && desc.colStride() == 1;
        ints = plain && array instanceof int[] i ? i : null;
        longs = plain && array instanceof long[] l ? l : null;
        segment = ints != null || longs != null ? null : args.c().segment();
        offset = args.c().offset();
    }

    void release() {
        segment = null;
        ints = null;
        longs = null;
    }

    /**
     * Stores elements of a row.
     *
     * @param sums exact sums; null where there is no product
     */
    void store(long e, long row, long col, int n, double[] sums, int from) {
        long at = offset + e * desc.batchStride() + row * desc.rowStride() + col * desc.colStride();
        if (ints != null) {
            copy(n, sums, from, ints, (int) at);
        } else if (longs != null) {
            copy(n, sums, from, longs, (int) at);
        } else {
            for (int j = 0; j < n; j++) {
                long sum = sums == null ? 0 : (long) sums[from + j];
                store(at + j * desc.colStride(), sum, sums != null, row, col + j, e);
            }
        }
    }

    private static void copy(int n, double[] sums, int from, int[] c, int at) {
        if (sums == null) {
            Arrays.fill(c, at, at + n, 0);
            return;
        }
        for (int j = 0; j < n; j++) {
            c[at + j] = (int) sums[from + j];
        }
    }

    private static void copy(int n, double[] sums, int from, long[] c, int at) {
        if (sums == null) {
            Arrays.fill(c, at, at + n, 0);
            return;
        }
        for (int j = 0; j < n; j++) {
            c[at + j] = (long) sums[from + j];
        }
    }

    private void store(long at, long sum, boolean product, long row, long col, long e) {
        DType type = desc.type();
        long old = beta == 0 ? 0 : type.loadLong(segment, at);
        long value;
        try {
            value = Math.addExact(product ? Math.multiplyExact(alpha, sum) : 0, Math.multiplyExact(beta, old));
        } catch (ArithmeticException overflow) {
            throw refusal(row, col, e, "does not fit 64 bits");
        }
        if (value < type.lowest() || value > type.maxFinite()) {
            throw refusal(row, col, e, "is " + value);
        }
        type.storeLong(segment, at, value);
    }

    private GamutException refusal(long row, long col, long e, String what) {
        return new GamutException("alpha·A·B + beta·C at row " + (transposed ? col : row) + ", column "
                + (transposed ? row : col) + (e == 0 ? "" : ", matrix " + e) + " " + what
                + "; the exact result type is " + desc.type() + ", a floating-point result has a wider range");
    }
}
