package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;

/**
 * One GEMM as the drivers see it, bound to the memory of one run at a time: C = alpha·A·B + beta·C with rows of C
 * contiguous where that can be had. A column-major C is turned into the transposed problem Cᵀ = alpha·Bᵀ·Aᵀ + beta·Cᵀ,
 * which is only an exchange of the operands and of strides, so no kernel knows about orders.
 *
 * @param <S> array kind of the element type
 */
final class Product<S> {
    /** Elements of C scaled at a time. */
    private static final int SCALED = 1024;

    final long m;
    final long n;
    final long k;
    final long batch;
    final Matrix<S> a;
    final Matrix<S> b;
    final Matrix<S> c;
    /** Factor of the product. */
    double alpha;
    /** Factor of the old result, rounded to its type so that one which vanishes there never reads it. */
    double beta;

    private final boolean transposed;
    private final Elements<S> elements;

    Product(GemmDesc desc, boolean transposed, Elements<S> elements) {
        MatrixDesc left = transposed ? desc.b().transpose() : desc.a();
        MatrixDesc right = transposed ? desc.a().transpose() : desc.b();
        MatrixDesc result = transposed ? desc.c().transpose() : desc.c();
        this.transposed = transposed;
        this.elements = elements;
        m = result.rows();
        n = result.cols();
        k = left.cols();
        batch = desc.batch();
        a = new Matrix<>(left);
        b = new Matrix<>(right);
        c = new Matrix<>(result);
    }

    /** Whether the columns of C are contiguous and its rows are not. */
    static boolean prefersTransposed(GemmDesc desc) {
        MatrixDesc c = desc.c();
        boolean rowsContiguous = c.colStride() == 1 || c.cols() == 1;
        return !rowsContiguous && (c.rowStride() == 1 || c.rows() == 1);
    }

    void bind(GemmArgs args) {
        a.bind(left(args), elements);
        if (args.packedB() == null) {
            b.bind(right(args), elements);
        }
        c.bind(args.c(), elements);
        alpha = args.alpha();
        beta = elements.round(args.beta());
    }

    void release() {
        a.release();
        b.release();
        c.release();
    }

    /** Whether A and B are not to be read. */
    boolean isScaling() {
        return k == 0 || alpha == 0;
    }

    /** What a run gives as the left operand. */
    Operand left(GemmArgs args) {
        return transposed ? args.b() : args.a();
    }

    /** What a run gives as the right operand. */
    Operand right(GemmArgs args) {
        return transposed ? args.a() : args.b();
    }

    /**
     * C = beta·C, rounded once, or +0 where beta is 0, for rows [first, last) and columns [left, right) of one matrix:
     * what is left of a product {@link #isScaling}. An infinite alpha then takes no part, and -0 stays -0 where beta
     * is 1.
     *
     * @param e matrix of the batch
     * @param slot scratch array to use
     */
    void scale(long e, long first, long last, long left, long right, Workspace workspace, int slot) {
        boolean column = right - left == 1;
        long lines = column ? 1 : last - first;
        long length = column ? last - first : right - left;
        long stride = column ? c.rowStride : c.colStride;
        S strip = elements.scratch(workspace, slot, (int) Math.min(SCALED, length));
        for (long line = 0; line < lines; line++) {
            for (long i = 0; i < length; i += SCALED) {
                int count = (int) Math.min(SCALED, length - i);
                long at = c.at(e, first + line, left) + i * stride;
                if (beta != 0) {
                    elements.read(c, at, 0, stride, 1, count, strip, 0, count);
                }
                elements.scale(strip, 0, count, beta);
                elements.write(strip, 0, count, c, at, 0, stride, 1, count);
            }
        }
    }

    boolean isEmpty() {
        return m == 0 || n == 0 || batch == 0;
    }
}
