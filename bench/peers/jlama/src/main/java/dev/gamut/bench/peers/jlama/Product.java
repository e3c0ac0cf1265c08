package dev.gamut.bench.peers.jlama;

import com.github.tjake.jlama.math.VectorMath;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.operations.TensorOperations;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Dot products of the rows of A with those of Bᵀ, split over threads as in Jlama's models. */
sealed class Product implements Side permits RoundedProduct {
    /** Terms of each element. */
    final int k;

    /** The kernels. */
    final TensorOperations operations;

    private final int n;
    private final int batch;
    private final int threads;
    private final int tile;
    private final AbstractTensor<?, ?>[] a;
    private final AbstractTensor<?, ?>[] b;
    private final AbstractTensor<?, ?>[] c;

    /**
     * Copies the operands.
     *
     * @param problem filled
     * @param operations to compute with
     * @param tile columns that their kernel computes together
     * @param threads that Jlama's pool has
     */
    Product(GemmProblem problem, TensorOperations operations, int tile, int threads) {
        this.operations = operations;
        this.tile = tile;
        this.threads = threads;
        int m = (int) problem.workload().m();
        n = (int) problem.workload().n();
        k = (int) problem.workload().k();
        int sets = problem.sets();
        batch = (int) problem.workload().batch();
        a = new AbstractTensor<?, ?>[sets * batch];
        b = new AbstractTensor<?, ?>[sets * batch];
        c = new AbstractTensor<?, ?>[sets * batch];
        for (int set = 0; set < sets; set++) {
            for (int i = 0; i < batch; i++) {
                int at = set * batch + i;
                a[at] = Rows.copy(problem.a(set), i);
                b[at] = problem.precision().block() == 0
                        ? Rows.copyTransposed(problem.b(set), i)
                        : Rows.weights(problem.b(set).transpose());
                c[at] = Rows.floats(m, n);
            }
        }
    }

    @Override
    public final void run(int set) {
        for (int i = set * batch, end = i + batch; i < end; i++) {
            multiply(a[i], b[i], c[i]);
        }
    }

    /**
     * One product.
     *
     * @param a m×k
     * @param b n×k
     * @param c m×n
     */
    void multiply(AbstractTensor<?, ?> a, AbstractTensor<?, ?> b, AbstractTensor<?, ?> c) {
        if (threads == 1) {
            columns(a, b, c, 0, n);
            return;
        }
        // Where the splits do not divide the columns, Jlama's splitting can lose some; there may be fewer than splits.
        int rest = n % operations.parallelSplitSize();
        if (rest < n) {
            split(a, b, c, 0, n - rest);
        }
        if (rest > 0) {
            split(a, b, c, n - rest, rest);
        }
    }

    private void split(AbstractTensor<?, ?> a, AbstractTensor<?, ?> b, AbstractTensor<?, ?> c, int from, int count) {
        VectorMath.pchunk(from, count, (start, length) -> columns(a, b, c, start, length));
    }

    /**
     * Some columns of C in two steps: where rows and columns both leave a rest beside whole tiles, Jlama 0.8.4 leaves out
     * the corner between the two rests, so columns beside whole tiles get a call of their own.
     */
    private void columns(AbstractTensor<?, ?> a, AbstractTensor<?, ?> b, AbstractTensor<?, ?> c, int from, int count) {
        int rest = count % tile;
        if (rest < count) {
            operations.dotProductChunk(c, a, b, 0, k, from, count - rest);
        }
        if (rest > 0) {
            operations.dotProductChunk(c, a, b, 0, k, from + count - rest, rest);
        }
    }

    @Override
    public final void result(Tensor into) {
        long at = 0;
        for (int i = 0; i < batch; i++) {
            MemorySegment part = c[i].getMemorySegment();
            MemorySegment.copy(part, 0, into.segment(), at, part.byteSize());
            at += part.byteSize();
        }
    }
}
