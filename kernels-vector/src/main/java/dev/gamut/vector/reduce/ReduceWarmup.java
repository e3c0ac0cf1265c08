package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;

/** Warms the passes of one reduction on a problem of two blocks and a rest, of which every way of reading makes use. */
final class ReduceWarmup {
    private static final int TERMS = 2 * Geometry.BLOCK + Rows.WIDTH + 1;
    private static final int ROUND = 16;
    /** Compiled code takes less for a term even on slow machines; with vectors on the heap it takes ten times that. */
    private static final double COMPILED_NANOS = 4;

    private ReduceWarmup() {}

    /** The problem to prepare for {@link #run}, with the types of another one. */
    static ReduceDesc small(ReduceDesc large) {
        return ReduceDesc.of(large.op(), large.type(), Layout.rowMajor(TERMS), ReduceDesc.ALL)
                .result(large.result());
    }

    static void run(ReduceExecutor executor, ReduceDesc desc, long deadline) {
        Tensor x = Tensor.zeros(desc.type(), TERMS);
        for (int i = 0; i < TERMS; i++) {
            x.set(1 + i % 7, i);
        }
        ReduceArgs args = new ReduceArgs();
        args.x().set(x);
        args.y().set(x);
        args.out().set(Tensor.zeros(desc.result(), 1));
        int fast = 0;
        long now = System.nanoTime();
        while (fast < 20 && now < deadline) {
            for (int i = 0; i < ROUND && System.nanoTime() < deadline; i++) {
                executor.execute(args);
            }
            long end = System.nanoTime();
            fast = end - now < COMPILED_NANOS * TERMS * ROUND ? fast + 1 : 0;
            now = end;
        }
    }
}
