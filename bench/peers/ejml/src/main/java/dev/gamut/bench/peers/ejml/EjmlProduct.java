package dev.gamut.bench.peers.ejml;

import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.Matrix;

/**
 * A product of EJML's matrices: a wrapper over the problem's own array where there is one product, a copy of each matrix
 * of a batch, since EJML's matrices start at the first element of an array.
 *
 * @param <M> a dense matrix
 */
abstract class EjmlProduct<M extends Matrix> implements Side {
    private final int sets;
    private final int batch;
    private final Multiply<M> multiply;
    private final List<M> a = new ArrayList<>();
    private final List<M> b = new ArrayList<>();
    private final List<M> c = new ArrayList<>();

    /** One of EJML's functions. */
    interface Multiply<M> {
        void apply(M a, M b, M c);
    }

    EjmlProduct(GemmProblem problem) {
        Workload w = problem.workload();
        sets = problem.sets();
        batch = (int) w.batch();
        int m = (int) w.m();
        int n = (int) w.n();
        int k = (int) w.k();
        for (int set = 0; set < sets; set++) {
            Object arrayA = problem.a(set).array();
            Object arrayB = problem.b(set).array();
            for (int i = 0; i < batch; i++) {
                a.add(w.transposeA() ? matrix(arrayA, i, k, m) : matrix(arrayA, i, m, k));
                b.add(w.transposeB() ? matrix(arrayB, i, n, k) : matrix(arrayB, i, k, n));
                c.add(zeros(m, n));
            }
        }
        // The rule of EJML's own front end, SimpleMatrix.
        boolean parallel = EjmlConcurrency.useConcurrent(a.getFirst()) || EjmlConcurrency.useConcurrent(b.getFirst());
        multiply = multiply(w.transposeA(), w.transposeB(), parallel);
    }

    private M matrix(Object array, int index, int rows, int cols) {
        return batch == 1 ? wrap(array, rows, cols) : copy(array, index * rows * cols, rows, cols);
    }

    /** A matrix over an array, row-major. */
    abstract M wrap(Object array, int rows, int cols);

    /** A matrix over a copy of a part of an array. */
    abstract M copy(Object array, int from, int rows, int cols);

    /** A new matrix. */
    abstract M zeros(int rows, int cols);

    /** The elements of a matrix. */
    abstract MemorySegment elements(M matrix);

    /** The function for operands that are stored so. */
    abstract Multiply<M> multiply(boolean transposeA, boolean transposeB, boolean parallel);

    @Override
    public final void run(int set) {
        for (int i = set * batch, end = i + batch; i < end; i++) {
            multiply.apply(a.get(i), b.get(i), c.get(i));
        }
    }

    @Override
    public final void result(Tensor into) {
        long size = into.segment().byteSize() / batch;
        for (int i = 0; i < batch; i++) {
            into.segment().asSlice(i * size, size).copyFrom(elements(c.get(i)));
        }
    }
}
