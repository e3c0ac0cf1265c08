package dev.gamut.internal.reference;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.Arrays;

/**
 * Products of any operands accumulated in F64 in the order {@code fma-kc256}. Scaled operands are rounded once to F64
 * first; all others are F64 numbers as they are.
 *
 * <p>Bound: an element passes at most min(k, 256) + ⌈k/256⌉ − 1 ≤ k roundings, within (k + 2)·u·(|A|·|B|) + k·η of the
 * exact product of the rounded operands.
 */
final class FmaF64Gemm extends TiledGemm {
    FmaF64Gemm(GemmDesc desc, PlanContext context) {
        super(desc, context);
    }

    @Override
    void clear(Workspace w, int size) {
        Arrays.fill(w.doubles(0, TILE_SIZE), 0, size, 0.0);
    }

    @Override
    void accumulate(Workspace w, long row, int rows, long col, int cols) {
        double[] sums = w.doubles(0, TILE_SIZE);
        double[] chains = w.doubles(1, TILE_SIZE);
        double[] x = w.doubles(2, PANEL_SIZE);
        double[] y = w.doubles(3, PANEL_SIZE);
        for (long k = 0; k < desc.k(); k += DEPTH) {
            int depth = (int) Math.min(DEPTH, desc.k() - k);
            a.doubles(row, rows, k, depth, x);
            b.doubles(k, depth, col, cols, y);
            Arrays.fill(chains, 0, rows * cols, 0.0);
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

    private static void addProducts(double[] chains, double[] x, double[] y, int rows, int cols, int depth) {
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < depth; p++) {
                double left = x[i * depth + p];
                for (int j = 0; j < cols; j++) {
                    chains[i * cols + j] = Math.fma(left, y[p * cols + j], chains[i * cols + j]);
                }
            }
        }
    }

    @Override
    void store(Workspace w, long row, int rows, long col, int cols) {
        double[] sums = w.doubles(0, TILE_SIZE);
        for (int i = 0, e = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                result.put(row + i, col + j, sums[e++]);
            }
        }
    }
}
