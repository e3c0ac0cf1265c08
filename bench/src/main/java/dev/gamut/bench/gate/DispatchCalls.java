package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.bench.problem.RandomData;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.Order;
import dev.gamut.gemm.Transpose;
import dev.gamut.tensor.Tensor;
import java.util.function.IntConsumer;

/** Small F64 products by each way of calling Gamut: what a call costs besides its arithmetic. */
final class DispatchCalls {
    private final Gamut gamut;
    private final int n;
    private final GemmArgs args = new GemmArgs();
    private final double[] a;
    private final double[] b;
    private final double[] c;

    DispatchCalls(Gamut gamut, int n) {
        this.gamut = gamut;
        this.n = n;
        a = random();
        b = random();
        c = random();
        args.a().set(a, 0);
        args.b().set(b, 0);
        args.c().set(c, 0);
    }

    private double[] random() {
        double[] values = new double[n * n];
        new RandomData(n).fill(Tensor.of(values, n, n));
        return values;
    }

    /**
     * A way of calling.
     *
     * @param way {@code kept}: the caller keeps plan and arguments; {@code cached}: it keeps descriptor and arguments, and
     *     asks for the plan each time; {@code blas}: it keeps nothing and calls like BLAS
     */
    IntConsumer way(String way) {
        GemmDesc desc = GemmDesc.of(DType.F64, n, n, n);
        GemmPlan plan = gamut.plan(desc);
        return switch (way) {
            case "kept" -> set -> plan.run(args);
            case "cached" -> set -> gamut.plan(desc).run(args);
            case "blas" ->
                set -> gamut.dgemm(
                        Order.ROW_MAJOR, Transpose.NO_TRANS, Transpose.NO_TRANS, n, n, n, 1, a, n, b, n, 0, c, n);
            default -> throw new IllegalArgumentException("way is '" + way + "'; allowed are kept, cached and blas");
        };
    }

    String kernel() {
        return gamut.plan(GemmDesc.of(DType.F64, n, n, n)).kernel().toString();
    }
}
