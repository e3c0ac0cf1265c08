package dev.gamut.vector.gemm;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Sums of the lanes of vectors, by halves: an order that is always the same. */
final class Folds {
    private static final VectorSpecies<Float> S = Shapes.FLOATS;

    /** Lanes of a vector. */
    static final int LANES = S.length();

    private static final VectorShuffle<Float> BY_8 = by(8);
    private static final VectorShuffle<Float> BY_4 = by(4);
    private static final VectorShuffle<Float> BY_2 = by(2);
    private static final VectorShuffle<Float> BY_1 = by(1);

    private Folds() {}

    /** Brings the other half of what is left to the first lanes. */
    private static VectorShuffle<Float> by(int lanes) {
        return VectorShuffle.fromOp(S, lane -> (lane + lanes) % LANES);
    }

    /** y(y0 + r·apart) += the sum of vector r of some that lie in an array. */
    static void add(int count, float[] vectors, float[] y, int y0, int apart) {
        for (int r = 0; r < count; r++) {
            FloatVector v = FloatVector.fromArray(S, vectors, r * LANES);
            if (LANES > 8) {
                v = v.add(v.rearrange(BY_8));
            }
            if (LANES > 4) {
                v = v.add(v.rearrange(BY_4));
            }
            v = v.add(v.rearrange(BY_2));
            v = v.add(v.rearrange(BY_1));
            y[y0 + r * apart] += v.lane(0);
        }
    }
}
