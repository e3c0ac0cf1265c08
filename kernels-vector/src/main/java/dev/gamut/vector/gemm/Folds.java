package dev.gamut.vector.gemm;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.VectorShuffle;

/** Rotations that bring the other half of what is left to be added to the first lanes: the order of a sum that is always the same. */
final class Folds {
    static final VectorShuffle<Float> BY_8 = by(8);
    static final VectorShuffle<Float> BY_4 = by(4);
    static final VectorShuffle<Float> BY_2 = by(2);
    static final VectorShuffle<Float> BY_1 = by(1);

    private Folds() {}

    private static VectorShuffle<Float> by(int lanes) {
        return VectorShuffle.fromOp(Shapes.FLOATS, lane -> (lane + lanes) % Shapes.LANES);
    }
}
