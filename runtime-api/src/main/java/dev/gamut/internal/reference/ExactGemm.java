package dev.gamut.internal.reference;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;

/**
 * Products of plain integers of up to 8 bits, summed exactly in 64 bits: a sum of products of magnitude up to 2^16 fits
 * for every k below 2^47. {@link ResultWriter} rounds, requantises or refuses what the result type cannot hold.
 */
final class ExactGemm extends TiledGemm {
    ExactGemm(GemmDesc desc, PlanContext context) {
        super(desc, context);
    }

    @Override
    void clear(Workspace w, int size) {
        zero(w.longs(0, TILE_SIZE), size);
    }

    @Override
    void accumulate(Workspace w, long row, int rows, long col, int cols) {
        long[] x = w.longs(1, PANEL_SIZE);
        long[] y = w.longs(2, PANEL_SIZE);
        for (long k = 0; k < desc.k(); k += DEPTH) {
            int depth = (int) Math.min(DEPTH, desc.k() - k);
            a.codes(row, rows, k, depth, x);
            b.codes(k, depth, col, cols, y);
            addExactProducts(w.longs(0, TILE_SIZE), x, y, rows, cols, depth);
        }
    }

    @Override
    void store(Workspace w, long row, int rows, long col, int cols) {
        long[] sums = w.longs(0, TILE_SIZE);
        for (int i = 0, e = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                result.putExact(row + i, col + j, sums[e++]);
            }
        }
    }
}
