package dev.gamut.bench.peer;

import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A product as the C interface of the BLAS takes it: sizes, leading dimensions, and operands in native memory. What
 * invokes a method handle is left to the peer, since only a constant handle is compiled into its caller.
 */
public abstract class BlasProduct implements Side {
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
     * The signature of {@code cblas_?gemm}.
     *
     * @param scalar type of alpha and beta
     */
    protected static FunctionDescriptor signature(MemoryLayout scalar) {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout p = ValueLayout.ADDRESS;
        return FunctionDescriptor.ofVoid(i, i, i, i, i, i, scalar, p, i, p, i, scalar, p, i);
    }

    /**
     * One call of the library.
     *
     * @param a A, m×k or transposed
     * @param b B, k×n or transposed
     * @param c C, m×n
     */
    protected abstract void multiply(MemorySegment a, MemorySegment b, MemorySegment c);

    @Override
    public final void run(int set) {
        for (int i = set * batch, end = i + batch; i < end; i++) {
            multiply(a[i], b[i], c[i]);
        }
    }

    @Override
    public final void result(Tensor into) {
        Operands.copy(first, into);
    }
}
