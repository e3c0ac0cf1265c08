package dev.gamut.bench.peers.nd4j;

import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.tensor.Tensor;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The operation that {@code Nd4j.gemm} is made of, built once for each set. A batch is one operation on arrays of rank 3,
 * whose loop is native.
 */
final class Nd4jProduct implements Side {
    private final Mmul[] products;
    private final INDArray first;

    Nd4jProduct(GemmProblem problem) throws Unavailable {
        Workload w = problem.workload();
        MMulTranspose transposition = MMulTranspose.builder()
                .transposeA(w.transposeA())
                .transposeB(w.transposeB())
                .build();
        products = new Mmul[problem.sets()];
        for (int set = 0; set < products.length; set++) {
            INDArray a = Nd4jArrays.copy(problem.a(set), shape(w, w.m(), w.k(), w.transposeA()));
            INDArray b = Nd4jArrays.copy(problem.b(set), shape(w, w.k(), w.n(), w.transposeB()));
            INDArray c = Nd4jArrays.empty(problem.result(), shape(w, w.m(), w.n(), false));
            products[set] = new Mmul(a, b, c, 1, 0, transposition);
        }
        first = products[0].getOutputArgument(0);
    }

    private static long[] shape(Workload w, long rows, long cols, boolean storedTransposed) {
        long[] matrix = storedTransposed ? new long[] {cols, rows} : new long[] {rows, cols};
        return w.batch() == 1 ? matrix : new long[] {w.batch(), matrix[0], matrix[1]};
    }

    @Override
    public void run(int set) {
        Nd4j.exec(products[set]);
    }

    @Override
    public void result(Tensor into) {
        Operands.copy(Nd4jArrays.memory(first, into.segment().byteSize()), into);
    }
}
