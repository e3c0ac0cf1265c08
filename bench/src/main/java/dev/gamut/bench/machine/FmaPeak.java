package dev.gamut.bench.machine;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fused multiply-adds in registers and nothing else: what the arithmetic units sustain in this JVM. Independent chains
 * hide the latency: {@value #FEW} that of two units of up to five cycles, and with their two factors they fit the 16
 * registers of AVX2; {@value #MANY} that of four units, where there are 32 registers. Where a number does not suit the
 * machine, it is merely slower: the better one is the peak.
 */
final class FmaPeak {
    /** Chains for a machine with 16 registers. */
    static final int FEW = 10;

    /** Chains for a machine with 32 registers. */
    static final int MANY = 20;

    private static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;

    private FmaPeak() {}

    /**
     * Runs few F64 chains.
     *
     * @param steps multiply-adds in each chain
     * @param factor close to 1
     * @return a number that depends on all of them
     */
    static double f64Few(int steps, double factor) {
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
     * Runs many F64 chains.
     *
     * @param steps multiply-adds in each chain
     * @param factor close to 1
     * @return a number that depends on all of them
     */
    static double f64Many(int steps, double factor) {
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
        DoubleVector c10 = y;
        DoubleVector c11 = x;
        DoubleVector c12 = y;
        DoubleVector c13 = x;
        DoubleVector c14 = y;
        DoubleVector c15 = x;
        DoubleVector c16 = y;
        DoubleVector c17 = x;
        DoubleVector c18 = y;
        DoubleVector c19 = x;
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
            c10 = c10.fma(x, y);
            c11 = c11.fma(x, y);
            c12 = c12.fma(x, y);
            c13 = c13.fma(x, y);
            c14 = c14.fma(x, y);
            c15 = c15.fma(x, y);
            c16 = c16.fma(x, y);
            c17 = c17.fma(x, y);
            c18 = c18.fma(x, y);
            c19 = c19.fma(x, y);
        }
        return c0.add(c1)
                .add(c2.add(c3))
                .add(c4.add(c5))
                .add(c6.add(c7))
                .add(c8.add(c9))
                .add(c10.add(c11))
                .add(c12.add(c13))
                .add(c14.add(c15))
                .add(c16.add(c17))
                .add(c18.add(c19))
                .lane(0);
    }

    /**
     * Runs few F32 chains.
     *
     * @param steps multiply-adds in each chain
     * @param factor close to 1
     * @return a number that depends on all of them
     */
    static float f32Few(int steps, float factor) {
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

    /**
     * Runs many F32 chains.
     *
     * @param steps multiply-adds in each chain
     * @param factor close to 1
     * @return a number that depends on all of them
     */
    static float f32Many(int steps, float factor) {
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
        FloatVector c10 = y;
        FloatVector c11 = x;
        FloatVector c12 = y;
        FloatVector c13 = x;
        FloatVector c14 = y;
        FloatVector c15 = x;
        FloatVector c16 = y;
        FloatVector c17 = x;
        FloatVector c18 = y;
        FloatVector c19 = x;
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
            c10 = c10.fma(x, y);
            c11 = c11.fma(x, y);
            c12 = c12.fma(x, y);
            c13 = c13.fma(x, y);
            c14 = c14.fma(x, y);
            c15 = c15.fma(x, y);
            c16 = c16.fma(x, y);
            c17 = c17.fma(x, y);
            c18 = c18.fma(x, y);
            c19 = c19.fma(x, y);
        }
        return c0.add(c1)
                .add(c2.add(c3))
                .add(c4.add(c5))
                .add(c6.add(c7))
                .add(c8.add(c9))
                .add(c10.add(c11))
                .add(c12.add(c13))
                .add(c14.add(c15))
                .add(c16.add(c17))
                .add(c18.add(c19))
                .lane(0);
    }

    /** Operations of one F64 run: two for each lane of each multiply-add. */
    static double f64Operations(int chains, int steps) {
        return 2.0 * chains * F64.length() * steps;
    }

    /** Operations of one F32 run. */
    static double f32Operations(int chains, int steps) {
        return 2.0 * chains * F32.length() * steps;
    }
}
