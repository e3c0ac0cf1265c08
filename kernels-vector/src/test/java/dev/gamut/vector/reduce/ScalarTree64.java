package dev.gamut.vector.reduce;

import java.util.function.DoubleBinaryOperator;

/** The order tree64 word for word, recursively, over an array of numbers; as an oracle for bits. */
final class ScalarTree64 {
    /** What a lane does with term number i. */
    @FunctionalInterface
    interface Lane {
        double take(double lane, int i);
    }

    private final int terms;
    private final double neutral;
    private final Lane lane;
    private final DoubleBinaryOperator combine;

    ScalarTree64(int terms, double neutral, Lane lane, DoubleBinaryOperator combine) {
        this.terms = terms;
        this.neutral = neutral;
        this.lane = lane;
        this.combine = combine;
    }

    double value() {
        return terms == 0 ? neutral : tree(0, (terms + 4095) / 4096);
    }

    private double tree(int from, int blocks) {
        if (blocks == 1) {
            return block(from * 4096, Math.min(terms, (from + 1) * 4096));
        }
        int left = Integer.highestOneBit(blocks - 1);
        return combine.applyAsDouble(tree(from, left), tree(from + left, blocks - left));
    }

    private double block(int from, int to) {
        double[] lanes = new double[64];
        for (int l = 0; l < 64; l++) {
            lanes[l] = neutral;
            for (int i = from + l; i < to; i += 64) {
                lanes[l] = lane.take(lanes[l], i);
            }
        }
        for (int half = 32; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] = combine.applyAsDouble(lanes[l], lanes[l + half]);
            }
        }
        return lanes[0];
    }
}
