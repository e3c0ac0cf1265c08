package dev.gamut.bench.peer;

import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A product as the C interface of the BLAS takes it: sizes, leading dimensions, and operands in native memory. Of a matrix and a vector it is
 * {@code gemv}, as a user of the BLAS calls it: {@code gemm} may pack the matrix for its only use. What invokes a method handle is left to the
 * peer, since only a constant handle is compiled into its caller.
 */
public abstract class BlasProduct implements Side {
    private static final Linker LINKER = Linker.nativeLinker();

    /** CblasRowMajor. */
    protected static final int ROW_MAJOR = 101;

    private static final int NO_TRANS = 111;
    private static final int TRANS = 112;

    /** Rows of C. */
    protected final int m;

    /** Columns of C. */
    protected final int n;

    /** Terms of each element. */
    protected final int k;

    /** CblasTrans or CblasNoTrans. */
    protected final int transA;

    /** CblasTrans or CblasNoTrans. */
    protected final int transB;

    /** Leading dimension of A as it is stored. */
    protected final int lda;

    /** Leading dimension of B as it is stored. */
    protected final int ldb;

    private final int batch;
    private final MemorySegment[] a;
    private final MemorySegment[] b;
    private final MemorySegment[] c;
    private final MemorySegment first;

    /**
     * Copies the operands.
     *
     * @param problem filled
     * @param arena whose life the copies share
     */
    protected BlasProduct(GemmProblem problem, Arena arena) {
        m = (int) problem.workload().m();
        n = (int) problem.workload().n();
        k = (int) problem.workload().k();
        transA = problem.workload().transposeA() ? TRANS : NO_TRANS;
        transB = problem.workload().transposeB() ? TRANS : NO_TRANS;
        lda = problem.workload().transposeA() ? m : k;
        ldb = problem.workload().transposeB() ? k : n;
        int sets = problem.sets();
        batch = (int) problem.workload().batch();
        a = new MemorySegment[sets * batch];
        b = new MemorySegment[sets * batch];
        c = new MemorySegment[sets * batch];
        MemorySegment[] results = new MemorySegment[sets];
        for (int set = 0; set < sets; set++) {
            results[set] = arena.allocate(problem.out().segment().byteSize(), 64);
            split(Operands.copy(problem.a(set), arena), a, set);
            split(Operands.copy(problem.b(set), arena), b, set);
            split(results[set], c, set);
        }
        first = results[0];
    }

    private void split(MemorySegment whole, MemorySegment[] into, int set) {
        long size = whole.byteSize() / batch;
        for (int i = 0; i < batch; i++) {
            into[set * batch + i] = whole.asSlice(i * size, size);
        }
    }

    /**
     * A product by a library that has {@code cblas_dgemm}, {@code cblas_sgemm} and the same of {@code gemv}.
     *
     * @param library loaded
     * @param problem filled
     * @param arena whose life copies of the operands share
     * @return ready to run
     * @throws Unavailable if it is neither of F64 nor of F32
     */
    public static Side of(NativeLibrary library, GemmProblem problem, Arena arena) throws Unavailable {
        Precision p = problem.precision();
        if (p.a() == DType.F64 && p.b() == DType.F64) {
            return new Doubles(library, problem, arena);
        }
        if (p.a() == DType.F32 && p.b() == DType.F32) {
            return new Singles(library, problem, arena);
        }
        throw new Unavailable("multiplies F64 and F32 only");
    }

    /**
     * The signature of {@code cblas_?gemm}.
     *
     * @param scalar type of alpha and beta
     */
    protected static FunctionDescriptor signature(MemoryLayout scalar) {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout p = ValueLayout.ADDRESS;
        return FunctionDescriptor.ofVoid(i, i, i, i, i, i, scalar, p, i, p, i, scalar, p, i);
    }

    /** The signature of {@code cblas_?gemv}. */
    private static FunctionDescriptor vectorSignature(MemoryLayout scalar) {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout p = ValueLayout.ADDRESS;
        return FunctionDescriptor.ofVoid(i, i, i, i, scalar, p, i, p, i, scalar, p, i);
    }

    /**
     * One call of the library.
     *
     * @param a A, m×k or transposed
     * @param b B, k×n or transposed
     * @param c C, m×n
     */
    protected abstract void multiply(MemorySegment a, MemorySegment b, MemorySegment c);

    /**
     * One call of the library, of a matrix and a vector.
     *
     * @param trans CblasTrans or CblasNoTrans
     * @param rows of the matrix as it is stored
     * @param cols of the matrix as it is stored
     * @param matrix row after row
     * @param x the vector
     * @param y the result
     */
    protected abstract void multiply(
            int trans, int rows, int cols, MemorySegment matrix, MemorySegment x, MemorySegment y);

    @Override
    public final void run(int set) {
        for (int i = set * batch, end = i + batch; i < end; i++) {
            if (n == 1) {
                multiply(transA, transA == TRANS ? k : m, lda, a[i], b[i], c[i]);
            } else if (m == 1) { // the transpose of it all
                multiply(transB == TRANS ? NO_TRANS : TRANS, transB == TRANS ? n : k, ldb, b[i], a[i], c[i]);
            } else {
                multiply(a[i], b[i], c[i]);
            }
        }
    }

    @Override
    public final void result(Tensor into) {
        Operands.copy(first, into);
    }

    /** Products of F64; the handles are constants, and the library's functions their first arguments. */
    private static final class Doubles extends BlasProduct {
        private static final MethodHandle GEMM = LINKER.downcallHandle(signature(ValueLayout.JAVA_DOUBLE));
        private static final MethodHandle GEMV = LINKER.downcallHandle(vectorSignature(ValueLayout.JAVA_DOUBLE));

        private final MemorySegment function;
        private final MemorySegment ofVectors;

        Doubles(NativeLibrary library, GemmProblem problem, Arena arena) {
            super(problem, arena);
            function = library.address("cblas_dgemm");
            ofVectors = library.address("cblas_dgemv");
        }

        @Override
        protected void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
            try {
                GEMM.invokeExact(function, ROW_MAJOR, transA, transB, m, n, k, 1d, a, lda, b, ldb, 0d, c, n);
            } catch (Throwable e) { // a downcall declares Throwable and throws nothing
                throw new AssertionError(e);
            }
        }

        @Override
        protected void multiply(int trans, int rows, int cols, MemorySegment matrix, MemorySegment x, MemorySegment y) {
            try {
                GEMV.invokeExact(ofVectors, ROW_MAJOR, trans, rows, cols, 1d, matrix, cols, x, 1, 0d, y, 1);
            } catch (Throwable e) { // a downcall declares Throwable and throws nothing
                throw new AssertionError(e);
            }
        }
    }

    /** The same of F32. */
    private static final class Singles extends BlasProduct {
        private static final MethodHandle GEMM = LINKER.downcallHandle(signature(ValueLayout.JAVA_FLOAT));
        private static final MethodHandle GEMV = LINKER.downcallHandle(vectorSignature(ValueLayout.JAVA_FLOAT));

        private final MemorySegment function;
        private final MemorySegment ofVectors;

        Singles(NativeLibrary library, GemmProblem problem, Arena arena) {
            super(problem, arena);
            function = library.address("cblas_sgemm");
            ofVectors = library.address("cblas_sgemv");
        }

        @Override
        protected void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
            try {
                GEMM.invokeExact(function, ROW_MAJOR, transA, transB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            } catch (Throwable e) { // a downcall declares Throwable and throws nothing
                throw new AssertionError(e);
            }
        }

        @Override
        protected void multiply(int trans, int rows, int cols, MemorySegment matrix, MemorySegment x, MemorySegment y) {
            try {
                GEMV.invokeExact(ofVectors, ROW_MAJOR, trans, rows, cols, 1f, matrix, cols, x, 1, 0f, y, 1);
            } catch (Throwable e) { // a downcall declares Throwable and throws nothing
                throw new AssertionError(e);
            }
        }
    }
}
