package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;

/**
 * One GEMM as the drivers see it, bound to the memory of one run at a time: C = alpha·A·B + beta·C with rows of C
 * contiguous where that can be had. A column-major C is turned into the transposed problem Cᵀ = alpha·Bᵀ·Aᵀ + beta·Cᵀ,
 * which is only an exchange of the operands and of strides, so no kernel knows about orders.
 *
 * @param <S> array kind of the element type
 */
final class Product<S> {
    final long m;
    final long n;
    final long k;
    final long batch;
    final Matrix<S> a;
    final Matrix<S> b;
    final Matrix<S> c;
    /** Factor of the product. */
    double alpha;
    /** Factor of the old result. */
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
        a.bind(transposed ? args.b() : args.a(), elements);
        if (args.packedB() == null) {
            b.bind(transposed ? args.a() : args.b(), elements);
        }
        c.bind(args.c(), elements);
        alpha = args.alpha();
        beta = args.beta();
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

    boolean isEmpty() {
        return m == 0 || n == 0 || batch == 0;
    }
}
