package dev.gamut.bench.sve;

import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import java.util.Map;

/**
 * The inner loop of one method of a register tile at one vector length, and what is predicted for it.
 *
 * @param kernel the tile's kernel
 * @param method {@code store} or {@code update}
 * @param length vectors of the JVM that compiled it
 * @param loop its instructions
 * @param cycles of one iteration on each core with vectors of that length
 * @param fmaShare of the tuning table for machines with such vectors, which decides between tiles
 */
record TileLoop(
        KernelId kernel, String method, VectorLength length, Loop loop, Map<Core, Double> cycles, double fmaShare) {
    /** Share of the multiply-adds that a core could begin. */
    double shareOfPeak(Core core) {
        return loop.fmas() / (cycles.get(core) * core.pipes());
    }

    DType type() {
        return kernel.types().getFirst();
    }

    /** The tile as its kernel's id names it. */
    String tile() {
        return kernel.tile().orElseThrow().toString();
    }
}
