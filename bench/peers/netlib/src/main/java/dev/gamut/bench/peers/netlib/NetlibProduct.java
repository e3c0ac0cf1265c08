package dev.gamut.bench.peers.netlib;

import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.tensor.Tensor;
import dev.ludovic.netlib.blas.BLAS;
import java.lang.foreign.MemorySegment;

/** Cᵀ = Bᵀ·Aᵀ: the BLAS takes columns, and a row-major matrix is the columns of its transpose. */
abstract class NetlibProduct implements Side {
    final BLAS blas;
    final int m;
    final int n;
    final int k;
    final String transA;
    final String transB;
    final int lda;
    final int ldb;
    private final int batch;

    private NetlibProduct(GemmProblem problem, BLAS blas) {
        Workload w = problem.workload();
        this.blas = blas;
        m = (int) w.m();
        n = (int) w.n();
        k = (int) w.k();
        transA = w.transposeA() ? "T" : "N";
        transB = w.transposeB() ? "T" : "N";
        lda = w.transposeA() ? m : k;
        ldb = w.transposeB() ? k : n;
        batch = (int) w.batch();
    }

    /** One call of the library, on matrix {@code i} of a set. */
    abstract void multiply(int set, int i);

    @Override
    public final void run(int set) {
        for (int i = 0; i < batch; i++) {
            multiply(set, i);
        }
    }

    /** dgemm. */
    static final class Doubles extends NetlibProduct {
        private final double[][] a;
        private final double[][] b;
        private final double[][] c;

        Doubles(GemmProblem problem, BLAS blas) {
            super(problem, blas);
            int sets = problem.sets();
            a = new double[sets][];
            b = new double[sets][];
            c = new double[sets][m * n * (int) problem.workload().batch()];
            for (int set = 0; set < sets; set++) {
                a[set] = (double[]) problem.a(set).array();
                b[set] = (double[]) problem.b(set).array();
            }
        }

        @Override
        void multiply(int set, int i) {
            blas.dgemm(
                    transB, transA, n, m, k, 1, b[set], i * k * n, ldb, a[set], i * m * k, lda, 0, c[set], i * m * n,
                    n);
        }

        @Override
        public void result(Tensor into) {
            Operands.copy(MemorySegment.ofArray(c[0]), into);
        }
    }

    /** sgemm. */
    static final class Singles extends NetlibProduct {
        private final float[][] a;
        private final float[][] b;
        private final float[][] c;

        Singles(GemmProblem problem, BLAS blas) {
            super(problem, blas);
            int sets = problem.sets();
            a = new float[sets][];
            b = new float[sets][];
            c = new float[sets][m * n * (int) problem.workload().batch()];
            for (int set = 0; set < sets; set++) {
                a[set] = (float[]) problem.a(set).array();
                b[set] = (float[]) problem.b(set).array();
            }
        }

        @Override
        void multiply(int set, int i) {
            blas.sgemm(
                    transB, transA, n, m, k, 1, b[set], i * k * n, ldb, a[set], i * m * k, lda, 0, c[set], i * m * n,
                    n);
        }

        @Override
        public void result(Tensor into) {
            Operands.copy(MemorySegment.ofArray(c[0]), into);
        }
    }
}
