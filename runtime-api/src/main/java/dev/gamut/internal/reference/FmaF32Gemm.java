package dev.gamut.internal.reference;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.Arrays;

/**
 * Products of any operands accumulated in F32 in the order {@code fma-kc256}. Operands of other types, scaled ones
 * included, are rounded once to F32 first, which changes none of the floats up to 32 bits.
 *
 * <p>Bound: an element passes at most min(k, 256) + ⌈k/256⌉ − 1 ≤ k roundings, within (k + 2)·u·(|A|·|B|) + k·η of the
 * exact product of the rounded operands.
 */
final class FmaF32Gemm extends TiledGemm {
    FmaF32Gemm(GemmDesc desc, PlanContext context) {
        super(desc, context);
    }

    @Override
    void clear(Workspace w, int size) {
        Arrays.fill(w.floats(0, TILE_SIZE), 0, size, 0f);
    }

    @Override
    void accumulate(Workspace w, long row, int rows, long col, int cols) {
        float[] sums = w.floats(0, TILE_SIZE);
        float[] chains = w.floats(1, TILE_SIZE);
        float[] x = w.floats(2, PANEL_SIZE);
        float[] y = w.floats(3, PANEL_SIZE);
        for (long k = 0; k < desc.k(); k += DEPTH) {
            int depth = (int) Math.min(DEPTH, desc.k() - k);
            a.floats(row, rows, k, depth, x);
            b.floats(k, depth, col, cols, y);
            Arrays.fill(chains, 0, rows * cols, 0f);
            addProducts(chains, x, y, rows, cols, depth);
            if (k == 0) {
                System.arraycopy(chains, 0, sums, 0, rows * cols);
            } else {
                for (int e = 0; e < rows * cols; e++) {
                    sums[e] += chains[e];
                }
            }
        }
    }

    private static void addProducts(float[] chains, float[] x, float[] y, int rows, int cols, int depth) {
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < depth; p++) {
                float left = x[i * depth + p];
                for (int j = 0; j < cols; j++) {
                    chains[i * cols + j] = Math.fma(left, y[p * cols + j], chains[i * cols + j]);
                }
            }
        }
    }

    @Override
    void store(Workspace w, long row, int rows, long col, int cols) {
        float[] sums = w.floats(0, TILE_SIZE);
        for (int i = 0, e = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                result.put(row + i, col + j, sums[e++]);
            }
        }
    }
}
