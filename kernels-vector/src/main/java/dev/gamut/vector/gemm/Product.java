package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.Matrix;
import dev.gamut.vector.matrix.Scales;

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

    /** The epilogue; null where there is none. */
    final Chain chain;
    /** An integer C; null where it is of another type. */
    final IntegerResult integers;
    /** Scale factors of A, where they are applied to sums; else null. */
    final Scales scalesA;
    /** Likewise of B. */
    final Scales scalesB;

    private final boolean transposed;
    private final Elements<S> elements;

    Product(GemmDesc desc, boolean transposed, Elements<S> elements) {
        this(desc, transposed, elements, Method.FMA, null, null);
    }

    /**
     * The same with what only products in F32 have.
     *
     * @param method how products are summed
     * @param chain the epilogue, or null
     * @param integers an integer C, or null
     */
    Product(
            GemmDesc desc,
            boolean transposed,
            Elements<S> elements,
            Method method,
            Chain chain,
            IntegerResult integers) {
        MatrixDesc left = transposed ? desc.b().transpose() : desc.a();
        MatrixDesc right = transposed ? desc.a().transpose() : desc.b();
        MatrixDesc result = transposed ? desc.c().transpose() : desc.c();
        this.transposed = transposed;
        this.elements = elements;
        m = result.rows();
        n = result.cols();
        k = left.cols();
        batch = desc.batch();
        boolean runs = method == Method.RUNS;
        a = new Matrix<>(left, transposed, elements, runs);
        b = new Matrix<>(right, transposed, elements, runs);
        c = new Matrix<>(result, transposed, elements);
        scalesA = runs ? elements.scales(left, transposed) : null;
        scalesB = runs ? elements.scales(right, transposed) : null;
        this.chain = chain;
        this.integers = integers;
    }

    /** Whether the columns of C are contiguous and its rows are not. */
    static boolean prefersTransposed(GemmDesc desc) {
        MatrixDesc c = desc.c();
        boolean rowsContiguous = c.colStride() == 1 || c.cols() == 1;
        return !rowsContiguous && (c.rowStride() == 1 || c.rows() == 1);
    }

    void bind(GemmArgs args) {
        alpha = args.alpha();
        beta = elements.round(args.beta());
        if (integers != null) {
            integers.bind(args);
        }
        if (chain != null) {
            chain.bind(args.epilogue());
        }
        c.bind(args.c());
        if (isScaling()) {
            return;
        }
        a.bind(left(args));
        if (args.packedB() == null) {
            b.bind(right(args));
        }
        if (scalesA != null) {
            scalesA.bind(left(args).tensor());
        }
        if (scalesB != null) {
            scalesB.bind(right(args).tensor());
        }
    }

    void release() {
        a.release();
        b.release();
        c.release();
        if (integers != null) {
            integers.release();
        }
        if (chain != null) {
            chain.release();
        }
        if (scalesA != null) {
            scalesA.release();
        }
        if (scalesB != null) {
            scalesB.release();
        }
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
        S strip = elements.scratch(workspace, slot, (int) Math.min(SCALED, length));
        for (long line = 0; line < lines; line++) {
            for (long i = 0; i < length; i += SCALED) {
                int count = (int) Math.min(SCALED, length - i);
                long row = first + line + (column ? i : 0);
                long col = left + (column ? 0 : i);
                if (beta != 0) {
                    c.read(e, row, col, column, 1, count, strip, 0, count, workspace);
                }
                elements.scale(strip, 0, count, beta);
                c.write(strip, 0, count, e, row, col, column, 1, count, workspace);
            }
        }
    }

    boolean isEmpty() {
        return m == 0 || n == 0 || batch == 0;
    }
}
