package dev.gamut.bench.report;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fused multiply-adds in registers and nothing else: what the arithmetic units sustain in this JVM. Ten independent
 * chains hide the latency of two units of up to five cycles, and with their two factors fit the 16 registers of AVX2.
 */
final class FmaPeak {
    private static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 10;

    private FmaPeak() {}

    /**
     * Runs F64 chains.
     *
     * @param steps multiply-adds in each chain
     * @param factor close to 1
     * @return a number that depends on all of them
     */
    static double f64(int steps, double factor) {
        DoubleVector x = DoubleVector.broadcast(F64, factor);
        DoubleVector y = DoubleVector.broadcast(F64, 1 - factor);
        DoubleVector c0 = y;
        DoubleVector c1 = x;
        DoubleVector c2 = y;
        DoubleVector c3 = x;
        DoubleVector c4 = y;
        DoubleVector c5 = x;
        DoubleVector c6 = y;
        DoubleVector c7 = x;
        DoubleVector c8 = y;
        DoubleVector c9 = x;
        for (int i = 0; i < steps; i++) {
            c0 = c0.fma(x, y);
            c1 = c1.fma(x, y);
            c2 = c2.fma(x, y);
            c3 = c3.fma(x, y);
            c4 = c4.fma(x, y);
            c5 = c5.fma(x, y);
            c6 = c6.fma(x, y);
            c7 = c7.fma(x, y);
            c8 = c8.fma(x, y);
            c9 = c9.fma(x, y);
        }
        return c0.add(c1)
                .add(c2.add(c3))
                .add(c4.add(c5))
                .add(c6.add(c7))
                .add(c8.add(c9))
                .lane(0);
    }

    /**
     * Runs F32 chains.
     *
     * @param steps multiply-adds in each chain
     * @param factor close to 1
     * @return a number that depends on all of them
     */
    static float f32(int steps, float factor) {
        FloatVector x = FloatVector.broadcast(F32, factor);
        FloatVector y = FloatVector.broadcast(F32, 1 - factor);
        FloatVector c0 = y;
        FloatVector c1 = x;
        FloatVector c2 = y;
        FloatVector c3 = x;
        FloatVector c4 = y;
        FloatVector c5 = x;
        FloatVector c6 = y;
        FloatVector c7 = x;
        FloatVector c8 = y;
        FloatVector c9 = x;
        for (int i = 0; i < steps; i++) {
            c0 = c0.fma(x, y);
            c1 = c1.fma(x, y);
            c2 = c2.fma(x, y);
            c3 = c3.fma(x, y);
            c4 = c4.fma(x, y);
            c5 = c5.fma(x, y);
            c6 = c6.fma(x, y);
            c7 = c7.fma(x, y);
            c8 = c8.fma(x, y);
            c9 = c9.fma(x, y);
        }
        return c0.add(c1)
                .add(c2.add(c3))
                .add(c4.add(c5))
                .add(c6.add(c7))
                .add(c8.add(c9))
                .lane(0);
    }

    /** Operations of one F64 run: two for each lane of each multiply-add. */
    static double f64Operations(int steps) {
        return 2.0 * CHAINS * F64.length() * steps;
    }

    /** Operations of one F32 run. */
    static double f32Operations(int steps) {
        return 2.0 * CHAINS * F32.length() * steps;
    }
}
