package dev.gamut.bench.peers.nd4j;

import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Norm2;
import org.nd4j.linalg.api.ops.impl.reduce.same.ASum;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Min;
import org.nd4j.linalg.api.ops.impl.reduce.same.Prod;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.reduce3.Dot;
import org.nd4j.linalg.factory.Nd4j;

/** A reduction of a whole vector to a number or of the rows of a matrix to a vector, its operation built for each set. */
final class Nd4jReduction implements Side {
    private final Op[] reductions;
    private final INDArray first;

    Nd4jReduction(ReduceProblem problem) throws Unavailable {
        Workload w = problem.workload();
        boolean rows = w.m() > 1;
        long[] operand = rows ? new long[] {w.m(), w.k()} : new long[] {w.k()};
        long[] result = rows ? new long[] {w.m()} : new long[0];
        int[] axes = rows ? new int[] {1} : new int[0];
        reductions = new Op[problem.sets()];
        for (int set = 0; set < reductions.length; set++) {
            INDArray x = Nd4jArrays.copy(problem.x(set), operand);
            INDArray y = w.op().equals("dot") ? Nd4jArrays.copy(problem.y(set), operand) : null;
            reductions[set] =
                    operation(w.op(), x, y, Nd4jArrays.empty(problem.precision().a(), result), axes);
        }
        first = reductions[0].z();
    }

    private static Op operation(String op, INDArray x, INDArray y, INDArray z, int[] axes) throws Unavailable {
        return switch (op) {
            case "sum" -> new Sum(x, z, axes);
            case "product" -> new Prod(x, z, axes);
            case "min" -> new Min(x, z, axes);
            case "max" -> new Max(x, z, axes);
            case "asum" -> new ASum(x, z, axes);
            case "nrm2" -> new Norm2(x, z, axes);
            case "mean" -> new Mean(x, z, axes);
            case "dot" -> new Dot(x, y, z, axes);
            default -> throw new Unavailable("is not measured for " + op);
        };
    }

    @Override
    public void run(int set) {
        Nd4j.getExecutioner().exec(reductions[set]);
    }

    @Override
    public void result(Tensor into) {
        Operands.copy(Nd4jArrays.memory(first, into.segment().byteSize()), into);
    }
}
