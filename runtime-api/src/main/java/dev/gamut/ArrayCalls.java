package dev.gamut;

import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.Order;
import dev.gamut.gemm.Transpose;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Layout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls on plain arrays with the names and argument order of BLAS (Basic Linear Algebra Subprograms; C interface of the
 * BLAS Technical Forum standard, 2001). Each looks up a cached plan and runs it.
 *
 * <p>Indices start at 0. Increments must be at least 1. Accumulation is in the type of the call; error bounds are those
 * of the numerics contract: (k + 2)·u·|A|·|B| for products, and one rounding for each of alpha, beta·C and their sum.
 * Thread-safe. Every method throws {@link IllegalArgumentException} naming the argument where one is out of range or an
 * array is too short, and {@link IllegalStateException} after close.
 */
public abstract sealed class ArrayCalls permits Gamut {
    private record GemmKey(
            DType type,
            Order order,
            Transpose ta,
            Transpose tb,
            long m,
            long n,
            long k,
            long lda,
            long ldb,
            long ldc) {}

    private record VectorKey(ReduceOp op, DType type, long n, long incx, long incy) {}

    private static final int CACHED = 1_024;

    private final Map<GemmKey, GemmPlan> gemms = new ConcurrentHashMap<>();
    private final Map<VectorKey, ReducePlan> reductions = new ConcurrentHashMap<>();
    private final ThreadLocal<GemmArgs> gemmArgs = ThreadLocal.withInitial(GemmArgs::new);
    private final ThreadLocal<VectorArgs> vectorArgs = ThreadLocal.withInitial(VectorArgs::new);

    private static final class VectorArgs {
        private final ReduceArgs args = new ReduceArgs();
        private final double[] f64 = new double[1];
        private final float[] f32 = new float[1];
        private final long[] i64 = new long[1];
    }

    ArrayCalls() {}

    /**
     * The plan for a GEMM.
     *
     * @param desc what to compute
     * @return a plan, from the cache where there is one
     */
    public abstract GemmPlan plan(GemmDesc desc);

    /**
     * The plan for a reduction.
     *
     * @param desc what to compute
     * @return a plan, from the cache where there is one
     */
    public abstract ReducePlan plan(ReduceDesc desc);

    /** How reproducible these calls are. */
    abstract Determinism determinism();

    /**
     * C = alpha·op(A)·op(B) + beta·C in F64.
     *
     * @param order storage of all three matrices
     * @param transA whether op(A) is A transposed
     * @param transB whether op(B) is B transposed
     * @param m rows of op(A) and C
     * @param n columns of op(B) and C
     * @param k columns of op(A), rows of op(B)
     * @param alpha factor of the product; 0 never reads a or b
     * @param a left operand
     * @param lda its leading dimension
     * @param b right operand
     * @param ldb its leading dimension
     * @param beta factor of the old C; 0 never reads it
     * @param c result; shares no element with a or b
     * @param ldc its leading dimension
     */
    public void dgemm(
            Order order,
            Transpose transA,
            Transpose transB,
            long m,
            long n,
            long k,
            double alpha,
            double[] a,
            long lda,
            double[] b,
            long ldb,
            double beta,
            double[] c,
            long ldc) {
        dgemm(order, transA, transB, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, c, 0, ldc);
    }

    /**
     * C = alpha·op(A)·op(B) + beta·C in F64, each matrix from an element of its array on; see the shorter form.
     *
     * @param order storage of all three matrices
     * @param transA whether op(A) is A transposed
     * @param transB whether op(B) is B transposed
     * @param m rows of op(A) and C
     * @param n columns of op(B) and C
     * @param k columns of op(A), rows of op(B)
     * @param alpha factor of the product
     * @param a left operand
     * @param offsetA index of its first element
     * @param lda its leading dimension
     * @param b right operand
     * @param offsetB index of its first element
     * @param ldb its leading dimension
     * @param beta factor of the old C
     * @param c result
     * @param offsetC index of its first element
     * @param ldc its leading dimension
     */
    public void dgemm(
            Order order,
            Transpose transA,
            Transpose transB,
            long m,
            long n,
            long k,
            double alpha,
            double[] a,
            long offsetA,
            long lda,
            double[] b,
            long offsetB,
            long ldb,
            double beta,
            double[] c,
            long offsetC,
            long ldc) {
        GemmPlan plan = gemmPlan(DType.F64, order, transA, transB, m, n, k, lda, ldb, ldc);
        run(plan, alpha, a, offsetA, b, offsetB, beta, c, offsetC);
    }

    /**
     * C = alpha·op(A)·op(B) + beta·C in F32; arguments as for {@link #dgemm}.
     *
     * @param order storage of all three matrices
     * @param transA whether op(A) is A transposed
     * @param transB whether op(B) is B transposed
     * @param m rows of op(A) and C
     * @param n columns of op(B) and C
     * @param k columns of op(A), rows of op(B)
     * @param alpha factor of the product
     * @param a left operand
     * @param lda its leading dimension
     * @param b right operand
     * @param ldb its leading dimension
     * @param beta factor of the old C
     * @param c result
     * @param ldc its leading dimension
     */
    public void sgemm(
            Order order,
            Transpose transA,
            Transpose transB,
            long m,
            long n,
            long k,
            float alpha,
            float[] a,
            long lda,
            float[] b,
            long ldb,
            float beta,
            float[] c,
            long ldc) {
        sgemm(order, transA, transB, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, c, 0, ldc);
    }

    /**
     * C = alpha·op(A)·op(B) + beta·C in F32, each matrix from an element of its array on; see {@link #dgemm}.
     *
     * @param order storage of all three matrices
     * @param transA whether op(A) is A transposed
     * @param transB whether op(B) is B transposed
     * @param m rows of op(A) and C
     * @param n columns of op(B) and C
     * @param k columns of op(A), rows of op(B)
     * @param alpha factor of the product
     * @param a left operand
     * @param offsetA index of its first element
     * @param lda its leading dimension
     * @param b right operand
     * @param offsetB index of its first element
     * @param ldb its leading dimension
     * @param beta factor of the old C
     * @param c result
     * @param offsetC index of its first element
     * @param ldc its leading dimension
     */
    public void sgemm(
            Order order,
            Transpose transA,
            Transpose transB,
            long m,
            long n,
            long k,
            float alpha,
            float[] a,
            long offsetA,
            long lda,
            float[] b,
            long offsetB,
            long ldb,
            float beta,
            float[] c,
            long offsetC,
            long ldc) {
        GemmPlan plan = gemmPlan(DType.F32, order, transA, transB, m, n, k, lda, ldb, ldc);
        run(plan, alpha, a, offsetA, b, offsetB, beta, c, offsetC);
    }

    /**
     * y = alpha·op(A)·x + beta·y in F64.
     *
     * @param order storage of A
     * @param trans whether op(A) is A transposed
     * @param m rows of A as stored
     * @param n columns of A as stored
     * @param alpha factor of the product
     * @param a the matrix
     * @param lda its leading dimension
     * @param x vector of n elements, m where transposed
     * @param incx distance between its elements
     * @param beta factor of the old y
     * @param y vector of m elements, n where transposed
     * @param incy distance between its elements
     */
    public void dgemv(
            Order order,
            Transpose trans,
            long m,
            long n,
            double alpha,
            double[] a,
            long lda,
            double[] x,
            long incx,
            double beta,
            double[] y,
            long incy) {
        run(gemvPlan(DType.F64, order, trans, m, n, lda, incx, incy), alpha, a, 0, x, 0, beta, y, 0);
    }

    /**
     * y = alpha·op(A)·x + beta·y in F32; arguments as for {@link #dgemv}.
     *
     * @param order storage of A
     * @param trans whether op(A) is A transposed
     * @param m rows of A as stored
     * @param n columns of A as stored
     * @param alpha factor of the product
     * @param a the matrix
     * @param lda its leading dimension
     * @param x vector of n elements, m where transposed
     * @param incx distance between its elements
     * @param beta factor of the old y
     * @param y vector of m elements, n where transposed
     * @param incy distance between its elements
     */
    public void sgemv(
            Order order,
            Transpose trans,
            long m,
            long n,
            float alpha,
            float[] a,
            long lda,
            float[] x,
            long incx,
            float beta,
            float[] y,
            long incy) {
        run(gemvPlan(DType.F32, order, trans, m, n, lda, incx, incy), alpha, a, 0, x, 0, beta, y, 0);
    }

    /**
     * Σ x·y in F64; 0 for n = 0.
     *
     * @param n number of elements
     * @param x first vector
     * @param incx distance between its elements
     * @param y second vector
     * @param incy distance between its elements
     */
    public double ddot(long n, double[] x, long incx, double[] y, long incy) {
        return reduce(ReduceOp.DOT, n, x, incx, y, incy);
    }

    /**
     * Σ x·y in F32; 0 for n = 0.
     *
     * @param n number of elements
     * @param x first vector
     * @param incx distance between its elements
     * @param y second vector
     * @param incy distance between its elements
     */
    public float sdot(long n, float[] x, long incx, float[] y, long incy) {
        return reduce(ReduceOp.DOT, n, x, incx, y, incy);
    }

    /**
     * Σ |x| in F64.
     *
     * @param n number of elements
     * @param x vector
     * @param incx distance between its elements
     */
    public double dasum(long n, double[] x, long incx) {
        return reduce(ReduceOp.ASUM, n, x, incx, x, incx);
    }

    /**
     * Σ |x| in F32.
     *
     * @param n number of elements
     * @param x vector
     * @param incx distance between its elements
     */
    public float sasum(long n, float[] x, long incx) {
        return reduce(ReduceOp.ASUM, n, x, incx, x, incx);
    }

    /**
     * √Σ x² in F64, without overflow or underflow in between.
     *
     * @param n number of elements
     * @param x vector
     * @param incx distance between its elements
     */
    public double dnrm2(long n, double[] x, long incx) {
        return reduce(ReduceOp.NRM2, n, x, incx, x, incx);
    }

    /**
     * √Σ x² in F32, without overflow or underflow in between.
     *
     * @param n number of elements
     * @param x vector
     * @param incx distance between its elements
     */
    public float snrm2(long n, float[] x, long incx) {
        return reduce(ReduceOp.NRM2, n, x, incx, x, incx);
    }

    /**
     * Index from 0 of the element of largest magnitude: the first NaN, else the lowest of equals; -1 for n = 0.
     *
     * @param n number of elements
     * @param x vector
     * @param incx distance between its elements
     */
    public long idamax(long n, double[] x, long incx) {
        return amax(DType.F64, n, x, incx);
    }

    /**
     * Index from 0 of the element of largest magnitude: the first NaN, else the lowest of equals; -1 for n = 0.
     *
     * @param n number of elements
     * @param x vector
     * @param incx distance between its elements
     */
    public long isamax(long n, float[] x, long incx) {
        return amax(DType.F32, n, x, incx);
    }

    private long amax(DType type, long n, Object x, long incx) {
        if (n == 0) {
            return -1;
        }
        VectorArgs v = vectorArgs.get();
        run(ReduceOp.ARGAMAX, type, n, x, incx, x, incx, v.i64, v);
        return v.i64[0];
    }

    private double reduce(ReduceOp op, long n, double[] x, long incx, double[] y, long incy) {
        VectorArgs v = vectorArgs.get();
        run(op, DType.F64, n, x, incx, y, incy, v.f64, v);
        return v.f64[0];
    }

    private float reduce(ReduceOp op, long n, float[] x, long incx, float[] y, long incy) {
        VectorArgs v = vectorArgs.get();
        run(op, DType.F32, n, x, incx, y, incy, v.f32, v);
        return v.f32[0];
    }

    private void run(
            ReduceOp op, DType type, long n, Object x, long incx, Object y, long incy, Object out, VectorArgs v) {
        ReducePlan plan = vectorPlan(op, type, n, incx, incy);
        try {
            v.args.x().set(x, 0);
            v.args.y().set(y, 0);
            v.args.out().set(out, 0);
            plan.run(v.args);
        } finally {
            v.args.clear();
        }
    }

    private ReducePlan vectorPlan(ReduceOp op, DType type, long n, long incx, long incy) {
        VectorKey key = new VectorKey(op, type, n, incx, incy);
        ReducePlan plan = reductions.get(key);
        if (plan == null) {
            ReduceDesc desc = ReduceDesc.of(op, type, vector("incx", n, incx), ReduceDesc.ALL)
                    .determinism(determinism());
            plan = plan(op.isBinary() ? desc.y(vector("incy", n, incy)) : desc);
            remember(reductions, key, plan);
        }
        return plan;
    }

    private GemmPlan gemmPlan(
            DType type, Order order, Transpose ta, Transpose tb, long m, long n, long k, long lda, long ldb, long ldc) {
        given("order", order);
        given("transA", ta);
        given("transB", tb);
        GemmKey key = new GemmKey(type, order, ta, tb, m, n, k, lda, ldb, ldc);
        GemmPlan plan = gemms.get(key);
        if (plan == null) {
            size("m", m);
            size("n", n);
            size("k", k);
            plan = plan(GemmDesc.of(
                            MatrixDesc.blas("a", order, ta, type, m, k, lda),
                            MatrixDesc.blas("b", order, tb, type, k, n, ldb),
                            MatrixDesc.blas("c", order, Transpose.NO_TRANS, type, m, n, ldc))
                    .determinism(determinism()));
            remember(gemms, key, plan);
        }
        return plan;
    }

    /** A matrix-vector product is a product with one column; x and y are columns with a stride between rows. */
    private GemmPlan gemvPlan(
            DType type, Order order, Transpose trans, long m, long n, long lda, long incx, long incy) {
        given("order", order);
        given("trans", trans);
        // No product of matrices has a null here.
        GemmKey key = new GemmKey(type, order, trans, null, m, 1, n, lda, incx, incy);
        GemmPlan plan = gemms.get(key);
        if (plan == null) {
            size("m", m);
            size("n", n);
            long rows = trans == Transpose.NO_TRANS ? m : n;
            long cols = trans == Transpose.NO_TRANS ? n : m;
            plan = plan(GemmDesc.of(
                            MatrixDesc.blas("a", order, trans, type, rows, cols, lda),
                            column(type, "incx", cols, incx),
                            column(type, "incy", rows, incy))
                    .determinism(determinism()));
            remember(gemms, key, plan);
        }
        return plan;
    }

    private static MatrixDesc column(DType type, String name, long rows, long inc) {
        vector(name, rows, inc);
        return new MatrixDesc(type, rows, 1, inc, 1, 0, dev.gamut.dtype.Scaling.NONE, java.util.Optional.empty());
    }

    private static Layout vector(String name, long n, long inc) {
        size("n", n);
        if (inc < 1) {
            throw new IllegalArgumentException(name + " is " + inc + "; it must be at least 1");
        }
        return Layout.of(new long[] {n}, new long[] {inc});
    }

    private static void given(String name, Enum<?> value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null");
        }
    }

    private static void size(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least 0");
        }
    }

    private static <K, V> void remember(Map<K, V> cache, K key, V plan) {
        if (cache.size() >= CACHED) {
            cache.clear();
        }
        cache.put(key, plan);
    }

    private void run(
            GemmPlan plan,
            double alpha,
            Object a,
            long offsetA,
            Object b,
            long offsetB,
            double beta,
            Object c,
            long offsetC) {
        GemmArgs args = gemmArgs.get();
        try {
            args.a().set(a, offsetA);
            args.b().set(b, offsetB);
            args.c().set(c, offsetC);
            plan.run(args.scalars(alpha, beta));
        } finally {
            args.clear();
        }
    }
}
