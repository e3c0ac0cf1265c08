package dev.gamut.bench.sve;

import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import java.util.Map;

/**
 * The inner loop of one method of a register tile at one vector length, and what is predicted for it.
 *
 * @param kernel the tile's kernel
 * @param method {@code store} or {@code update}; in C {@code store} or {@code add}, perhaps for one operand as rows
 * @param length vectors of the JVM that compiled it, or of the core
 * @param loop its instructions
 * @param cycles of one iteration on each core with vectors of that length
 */
record TileLoop(KernelId kernel, String method, VectorLength length, Loop loop, Map<Core, Double> cycles) {
    /** Share of the multiply-adds that a core could begin. */
    double shareOfPeak(Core core) {
        return cyclesAtBest(core) / cycles.get(core);
    }

    /** Cycles that the multiply-adds of an iteration take where nothing else does. */
    double cyclesAtBest(Core core) {
        return (double) loop.fmas() / core.pipes(length);
    }

    DType type() {
        return kernel.types().getFirst();
    }

    /** The tile as its kernel's id names it. */
    String tile() {
        return kernel.tile().orElseThrow().toString();
    }
}
