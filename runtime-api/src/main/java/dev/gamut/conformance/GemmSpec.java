package dev.gamut.conformance;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.KernelInfo;
import java.util.List;
import java.util.Optional;

/**
 * One GEMM problem without its numbers.
 *
 * @param m rows of C
 * @param n columns of C
 * @param k length of the sums
 * @param a how A lies in memory
 * @param b how B lies in memory
 * @param c how C lies in memory
 * @param alpha factor of the product
 * @param beta factor of the old C
 * @param batch how many products of what
 * @param epilogue operations on the result
 * @param scalingA scale factors of A
 * @param scalingB scale factors of B
 * @param threads threads to run on
 * @param packed whether B is packed beforehand
 */
record GemmSpec(
        long m,
        long n,
        long k,
        Lie a,
        Lie b,
        Lie c,
        double alpha,
        double beta,
        Batch batch,
        EpilogueChain epilogue,
        Scaling scalingA,
        Scaling scalingB,
        int threads,
        boolean packed) {
    /** Strides of an operand. */
    enum Order {
        /** Rows contiguous. */
        ROW,
        /** Rows contiguous, with a gap between them. */
        ROW_PADDED,
        /** Columns contiguous: the transpose of a row-major matrix. */
        COL,
        /** Columns contiguous, with a gap between them. */
        COL_PADDED,
        /** Every second element of rows with a gap. */
        STRIDED;

        MatrixDesc desc(DType type, long rows, long cols) {
            if (this == COL || this == COL_PADDED) {
                return ROW.valueFor(this).desc(type, cols, rows).transpose();
            }
            MatrixDesc plain = MatrixDesc.rowMajor(type, rows, cols);
            if (this == ROW) {
                return plain;
            }
            boolean strided = this == STRIDED && !type.isSubByte();
            long rowStride = strided ? 2 * cols + 3 : plain.rowStride() + (type.isSubByte() ? 2 : 3);
            return new MatrixDesc(type, rows, cols, rowStride, strided ? 2 : 1, 0, Scaling.NONE, Optional.empty());
        }

        private Order valueFor(Order columns) {
            return columns == COL ? ROW : ROW_PADDED;
        }
    }

    /**
     * Strides and memory of an operand.
     *
     * @param order strides
     * @param place memory
     */
    record Lie(Order order, Memory.Place place) {
        /** Contiguous rows in an array. */
        static final Lie PLAIN = new Lie(Order.ROW, Memory.Place.ARRAY);

        @Override
        public String toString() {
            return order + "/" + place;
        }
    }

    /** How many products, and which operands they share. */
    enum Batch {
        /** One product. */
        ONE(1, true, true),
        /** Three products of three. */
        EACH(3, true, true),
        /** One A for all. */
        ONE_A(3, false, true),
        /** One B for all. */
        ONE_B(3, true, false),
        /** None. */
        NONE(0, true, true);

        private final int count;
        private final boolean movesA;
        private final boolean movesB;

        Batch(int count, boolean movesA, boolean movesB) {
            this.count = count;
            this.movesA = movesA;
            this.movesB = movesB;
        }
    }

    /** Contiguous arrays, alpha 1, beta 0, one thread, nothing else. */
    static GemmSpec plain(long m, long n, long k) {
        return new GemmSpec(
                m,
                n,
                k,
                Lie.PLAIN,
                Lie.PLAIN,
                Lie.PLAIN,
                1,
                0,
                Batch.ONE,
                EpilogueChain.NONE,
                Scaling.NONE,
                Scaling.NONE,
                1,
                false);
    }

    GemmSpec size(long rows, long cols) {
        return new GemmSpec(rows, cols, k, a, b, c, alpha, beta, batch, epilogue, scalingA, scalingB, threads, packed);
    }

    GemmSpec depth(long terms) {
        return new GemmSpec(m, n, terms, a, b, c, alpha, beta, batch, epilogue, scalingA, scalingB, threads, packed);
    }

    GemmSpec scalars(double ofProduct, double ofC) {
        return new GemmSpec(m, n, k, a, b, c, ofProduct, ofC, batch, epilogue, scalingA, scalingB, threads, packed);
    }

    GemmSpec chain(EpilogueChain ops) {
        return new GemmSpec(m, n, k, a, b, c, alpha, beta, batch, ops, scalingA, scalingB, threads, packed);
    }

    GemmSpec lies(Lie ofA, Lie ofB, Lie ofC) {
        return new GemmSpec(m, n, k, ofA, ofB, ofC, alpha, beta, batch, epilogue, scalingA, scalingB, threads, packed);
    }

    GemmSpec batch(Batch count) {
        return new GemmSpec(m, n, k, a, b, c, alpha, beta, count, epilogue, scalingA, scalingB, threads, packed);
    }

    GemmSpec scalings(Scaling ofA, Scaling ofB) {
        return new GemmSpec(m, n, k, a, b, c, alpha, beta, batch, epilogue, ofA, ofB, threads, packed);
    }

    GemmSpec threads(int count) {
        return new GemmSpec(m, n, k, a, b, c, alpha, beta, batch, epilogue, scalingA, scalingB, count, packed);
    }

    GemmSpec packed(boolean beforehand) {
        return new GemmSpec(m, n, k, a, b, c, alpha, beta, batch, epilogue, scalingA, scalingB, threads, beforehand);
    }

    /** One product with both operands stored along k, and nothing after it. */
    GemmSpec ofWeights() {
        Order left = a.order == Order.ROW_PADDED ? a.order : Order.ROW;
        Order right = b.order == Order.COL_PADDED ? b.order : Order.COL;
        return lies(new Lie(left, a.place), new Lie(right, b.place), c)
                .batch(Batch.ONE)
                .chain(EpilogueChain.NONE);
    }

    /** The descriptor for a kernel's types, b plain. */
    GemmDesc desc(KernelInfo kernel) {
        List<DType> types = kernel.id().types();
        MatrixDesc left = stride(a.order.desc(types.get(0), m, k).scaling(scalingA), batch.movesA);
        MatrixDesc right = stride(b.order.desc(types.get(1), k, n).scaling(scalingB), batch.movesB);
        MatrixDesc result = stride(c.order.desc(types.get(3), m, n), true);
        Accuracy accuracy = kernel.ieee() ? Accuracy.NATIVE : Accuracy.within(Double.POSITIVE_INFINITY);
        return new GemmDesc(
                left,
                right,
                result,
                types.get(2),
                batch.count,
                epilogue.ops(types.get(2), types.get(3), result, batch.count),
                accuracy,
                Determinism.ANY);
    }

    private MatrixDesc stride(MatrixDesc matrix, boolean moves) {
        long gap = matrix.type().isSubByte() ? 2 : 5;
        long extent = (matrix.extent(1) + 1) / 2 * 2;
        return batch.count == 1 ? matrix : matrix.batchStride(moves ? extent + gap / 2 * 2 : 0);
    }

    @Override
    public String toString() {
        return m + "x" + n + "x" + k + " A " + a + " B " + b + " C " + c + " alpha " + alpha + " beta " + beta
                + (batch == Batch.ONE ? "" : " batch " + batch)
                + (epilogue == EpilogueChain.NONE ? "" : " epilogue " + epilogue)
                + (scalingA.hasScales() ? " A " + scalingA : "")
                + (scalingB.hasScales() ? " B " + scalingB : "")
                + (packed ? " packed" : "")
                + " threads " + threads;
    }
}
