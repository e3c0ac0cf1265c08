package dev.gamut.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.dtype.DType;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streaming tree against the definition written down recursively. */
class Tree64Test {
    private static double tree(double[] x, int from, int to, double neutral, DoubleBinaryOperator op) {
        int blocks = Math.max(1, (to - from + 4095) / 4096);
        if (blocks == 1) {
            return block(x, from, to, neutral, op);
        }
        int left = Integer.highestOneBit(blocks - 1);
        int middle = from + left * 4096;
        return op.applyAsDouble(tree(x, from, middle, neutral, op), tree(x, middle, to, neutral, op));
    }

    private static double block(double[] x, int from, int to, double neutral, DoubleBinaryOperator op) {
        double[] lanes = new double[64];
        for (int l = 0; l < 64; l++) {
            lanes[l] = neutral;
            for (int i = from + l; i < to; i += 64) {
                lanes[l] = op.applyAsDouble(lanes[l], x[i]);
            }
        }
        return fold(lanes, 0, 1, op);
    }

    /** Lane l after all folds is (l's half) + (the half 32, 16, ... above): a recursion over the step. */
    private static double fold(double[] lanes, int lane, int step, DoubleBinaryOperator op) {
        return step == 64
                ? lanes[lane]
                : op.applyAsDouble(fold(lanes, lane, step * 2, op), fold(lanes, lane + step, step * 2, op));
    }

    private static double[] terms(int n, boolean single) {
        Random random = new Random(n);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            double v = random.nextGaussian() * Math.scalb(1.0, random.nextInt(20) - 10);
            x[i] = single ? (float) v : v;
        }
        return x;
    }

    private static double feed(Tree64 tree, double[] x) {
        for (double v : x) {
            tree.add(v);
        }
        return tree.result();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 1, 2, 63, 64, 65, 127, 4095, 4096, 4097, 8192, 12288, 12289, 20480, 24576, 28672, 28673, 36864,
                100000
            })
    void sums(int n) {
        double[] x = terms(n, false);
        assertEquals(tree(x, 0, n, 0, Double::sum), feed(Tree64.sum(DType.F64), x));
        double[] y = terms(n, true);
        double single = tree(y, 0, n, 0, (l, r) -> (float) l + (float) r);
        assertEquals(single, feed(Tree64.sum(DType.F32), y));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65, 4097, 12289})
    void products(int n) {
        double[] x = terms(n, false);
        double[] y = terms(n, true);
        for (int i = 0; i < n; i++) {
            x[i] = 1 + x[i] * 0x1p-24;
            y[i] = (float) (1 + y[i] * 0x1p-20);
        }
        assertEquals(tree(x, 0, n, 1, (l, r) -> l * r), feed(Tree64.product(DType.F64), x));
        assertEquals(tree(y, 0, n, 1, (l, r) -> (float) l * (float) r), feed(Tree64.product(DType.F32), y));
    }

    @Test
    void dotProductsFuse() {
        Tree64 tree = Tree64.sum(DType.F32);
        float x = 1 + 0x1p-12f;
        tree.addProduct(1, 1);
        for (int i = 1; i < 64; i++) {
            tree.addProduct(0, 0);
        }
        tree.addProduct(x, x);
        assertEquals(Math.fma(x, x, 1f), tree.result());
    }

    @Test
    void clearStartsAnew() {
        Tree64 tree = Tree64.sum(DType.F64);
        feed(tree, terms(5000, false));
        tree.clear();
        assertEquals(3, feed(tree, new double[] {1, 2}));
        tree.clear();
        assertEquals(0.0, tree.result());
    }
}
